"""Store what tinygrad, MLX, OpenVINO, ncnn and Paddle answer to five layers: tests/data/more.npz.

    python -m venv more && more/bin/pip install tinygrad "mlx[cpu]" openvino ncnn paddlepaddle numpy
    DEV=PYTHON more/bin/python tools/oracles/make_more.py

Whole numbers throughout, so every answer is exact. tests/test_more_dialects.py compares them with `lib`.
"""

import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[2] / "tests" / "data" / "more.npz"
LAYERS = [  # kernel_size, stride, padding, output_padding, dilation, groups
    ((3, 2), (2, 1), (1, 0), (1, 0), (1, 1), 1),
    ((3, 2), (2, 3), (0, 0), (0, 2), (1, 1), 2),
    ((2, 3), (1, 2), (1, 1), (0, 0), (2, 1), 1),
    ((3, 3), (2, 2), (1, 1), (1, 1), (2, 3), 2),
    ((4, 4), (2, 2), (1, 1), (0, 0), (1, 1), 1),
]
INS, OUTS = 4, 6


def arrays(number):
    """Input, weight and bias of a layer."""
    kernel, *_, groups = LAYERS[number]
    rng = np.random.default_rng(number)
    shapes = (2, INS, 3, 4), (INS, OUTS // groups, *kernel), (OUTS,)
    return [rng.integers(-9, 10, shape).astype(np.float32) for shape in shapes]


def tinygrad(x, w, b, kernel, stride, padding, output_padding, dilation, groups):
    from tinygrad import Tensor

    settings = {"stride": stride, "padding": padding, "output_padding": output_padding}
    settings |= {"dilation": dilation, "groups": groups}
    return Tensor(x).conv_transpose2d(Tensor(w), Tensor(b), **settings).numpy()


def mlx(x, w, b, kernel, stride, padding, output_padding, dilation, groups):
    import mlx.core as mx

    w = w.reshape(groups, INS // groups, OUTS // groups, *kernel).transpose(0, 2, 3, 4, 1)
    w = w.reshape(OUTS, *kernel, INS // groups)
    x = x.transpose(0, 2, 3, 1)
    y = mx.conv_transpose2d(mx.array(x), mx.array(w), stride, padding, dilation, output_padding, groups)
    return np.array(y).transpose(0, 3, 1, 2) + b.reshape(-1, 1, 1)


def openvino(x, w, b, kernel, stride, padding, output_padding, dilation, groups):
    import openvino as ov
    import openvino.opset13 as op

    layer = op.convolution_backprop_data
    if groups > 1:
        layer, w = (
            op.group_convolution_backprop_data,
            w.reshape(groups, INS // groups, OUTS // groups, *kernel),
        )
    given = op.parameter(x.shape, np.float32)
    pads = {"pads_begin": list(padding), "pads_end": list(padding), "output_padding": list(output_padding)}
    node = layer(given, op.constant(w), list(stride), dilations=list(dilation), **pads)
    model = ov.compile_model(ov.Model([node], [given]), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return model(x)[0] + b.reshape(-1, 1, 1)


def ncnn(x, w, b, kernel, stride, padding, output_padding, dilation, groups):
    import ncnn as runtime

    w = w.reshape(groups, INS // groups, OUTS // groups, *kernel).transpose(0, 2, 1, 3, 4)
    name = "Deconvolution" if groups == 1 else "DeconvolutionDepthWise"
    fields = {1: kernel, 2: dilation, 3: stride, 4: padding}
    words = [f"{key}={across} 1{key}={down}" for key, (down, across) in fields.items()]
    words += [f"0={OUTS} 5=1 6={w.size} 18={output_padding[1]} 19={output_padding[0]}"]
    words += [f"7={groups}"] if groups > 1 else []
    folder = Path(tempfile.mkdtemp())
    graph = f"7767517\n2 2\nInput in 0 1 in\n{name} layer 1 1 in out {' '.join(words)}\n"
    (folder / "layer.param").write_text(graph)
    (folder / "layer.bin").write_bytes(bytes(4) + w.tobytes() + b.tobytes())
    samples = []
    for sample in x:
        net = runtime.Net()
        net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = net.opt.use_fp16_packed = False
        net.load_param(str(folder / "layer.param"))
        net.load_model(str(folder / "layer.bin"))
        run = net.create_extractor()
        run.input("in", runtime.Mat(sample.copy()))
        samples.append(np.array(run.extract("out")[1]))
    return np.stack(samples)


def paddlepaddle(x, w, b, kernel, stride, padding, output_padding, dilation, groups):
    import paddle

    x, w, b = map(paddle.to_tensor, (x, w, b))
    added = list(output_padding) if any(output_padding) else 0
    lists = list(stride), list(padding), added, list(dilation)
    return paddle.nn.functional.conv2d_transpose(x, w, b, *lists, groups).numpy()


def main():
    stored = dict(np.load(DATA)) if DATA.exists() else {}
    for layer in (tinygrad, mlx, openvino, ncnn, paddlepaddle):
        try:
            release = version(layer.__name__)
            answers = [layer(*arrays(n), *settings) for n, settings in enumerate(LAYERS)]
        except ImportError as error:
            print(f"{layer.__name__}: not run, {error}")
            continue
        for number, answer in enumerate(answers):
            assert np.array_equal(answer, np.rint(answer))
            stored[f"{layer.__name__} {release} layer {number}"] = answer.astype(np.int16)
    for number in range(len(LAYERS)):
        names = ("input", "weight", "bias")
        stored |= {f"{name} {number}": a.astype(np.int16) for name, a in zip(names, arrays(number))}
    np.savez_compressed(DATA, **stored)
    print(*sorted(stored), sep="\n")


if __name__ == "__main__":
    main()
