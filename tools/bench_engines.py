"""The engines that `make bench` compares; run as a program it is one engine in a process of its own.

Each engine turns a layer and its arrays into two calls with nothing left to prepare: `forward()`, and
`backward()` for the gradients by input, weight and bias; None where it offers no such thing.
"""

import json
import os
import sys
import time
import tracemalloc
from math import inf
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.bench_layers import LAYERS

GEMM, COPY = 1024**3, 2**22  # multiplications of one call of the machine's product, numbers of its copy
TURN = 0.05  # seconds: how long an engine measures before the next one has its turn
CALLS, LONG = 3, 0.5  # but for so many calls it gets longer, though not longer than this
REST = 0.1  # seconds before a turn: threads that wait for more work keep a core busy, OpenBLAS's for 30 ms


def numpy_lib(layer, x, weight, bias, grad, threads):
    from lib import conv_transpose, conv_transpose_backward

    settings = layer.settings()
    return (
        lambda: conv_transpose(x, weight, bias, **settings),
        lambda: conv_transpose_backward(grad, x, weight, **settings),
    )


def only(way):
    """lib with its choice of a way taken away: what the choice is worth."""

    def engine(*arguments):
        import lib.fast

        lib.fast._cheapest, lib.fast.SAVED = lambda *_: way, inf
        return numpy_lib(*arguments)[0], None

    return engine


def pairs_if_saved(least):
    """lib with another limit for three products in place of four: inf is never, -1e9 where it can."""

    def engine(*arguments):
        import lib.fast

        lib.fast.SAVED = lib.fast.SAVED_BACKWARD = least
        return numpy_lib(*arguments)

    return engine


def zero_insertion(layer, x, weight, bias, grad, threads):
    from lib.routes import conv_transpose_zero_insertion as route

    if layer.multiplications(len(x)) * np.prod(layer.stride) > 10**10:  # a second or more
        return None, None
    return lambda: route(x, weight, bias, **layer.settings()), None


def gemm_route(layer, x, weight, bias, grad, threads):
    """The plain matrix product and col2im: what no setting may take more than twice of."""
    from lib.routes import conv_transpose_gemm as route

    return lambda: route(x, weight, bias, **layer.settings()), None


def naive_loop(layer, x, weight, bias, grad, threads):
    from lib.routes import conv_transpose_loops as route

    if layer.multiplications(len(x)) > 10**6:  # a second or more
        return None, None
    return lambda: route(x, weight, bias, **layer.settings()), None


def torch_default(layer, x, weight, bias, grad, threads, memory_format=None):
    import torch

    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    x, weight, bias, grad = (torch.from_numpy(array) for array in (x, weight, bias, grad))
    if memory_format is not None:
        x, weight, grad = (array.contiguous(memory_format=memory_format) for array in (x, weight, grad))
    call = getattr(torch.nn.functional, f"conv_transpose{len(layer.size)}d")
    places = (layer.stride, layer.padding, layer.dilation, True, layer.output_padding, layer.groups)
    return (
        lambda: call(x, weight, bias, **layer.settings()),
        lambda: torch.ops.aten.convolution_backward(grad, x, weight, [len(bias)], *places, [True] * 3),
    )


def torch_channels_last(layer, x, weight, bias, grad, threads):
    import torch

    formats = {2: torch.channels_last, 3: torch.channels_last_3d}
    if len(layer.size) not in formats:
        return None, None
    return torch_default(layer, x, weight, bias, grad, threads, formats[len(layer.size)])


def onnxruntime(layer, x, weight, bias, grad, threads):
    import onnx
    import onnxruntime as ort
    from onnx import helper, numpy_helper

    node = helper.make_node(
        "ConvTranspose",
        ["x", "weight", "bias"],
        ["y"],
        kernel_shape=layer.kernel_size,
        strides=layer.stride,
        pads=layer.padding * 2,
        output_padding=layer.output_padding,
        dilations=layer.dilation,
        group=layer.groups,
    )
    graph = helper.make_graph(
        [node],
        "layer",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)],
        [
            numpy_helper.from_array(weight, "weight"),
            numpy_helper.from_array(bias, "bias"),
        ],  # constants: prepacked
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    try:
        session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        session.run(None, {"x": x})
    except Exception:  # the CPU provider refuses some layers; they are named in the table
        return None, None
    return lambda: session.run(None, {"x": x})[0], None


def jax(layer, x, weight, bias, grad, threads):
    import jax
    from jax import lax

    axes = len(layer.size)
    turned = tuple(range(2, 2 + axes))
    sides = [
        (d * (k - 1) - p, d * (k - 1) - p + a)
        for k, d, p, a in zip(layer.kernel_size, layer.dilation, layer.padding, layer.output_padding)
    ]

    def layer_forward(x, weight, bias):
        groups = layer.groups  # jax wants (out_channels, in_channels // groups, ...), rotated
        kernel = weight.reshape(groups, -1, *weight.shape[1:]).swapaxes(1, 2)
        kernel = jax.numpy.flip(kernel.reshape(layer.out_channels, -1, *weight.shape[2:]), turned)
        y = lax.conv_general_dilated(
            x, kernel, (1,) * axes, sides, layer.stride, layer.dilation, feature_group_count=groups
        )
        return y + bias.reshape(-1, *[1] * axes)

    def layer_backward(grad, x, weight, bias):
        return jax.vjp(layer_forward, x, weight, bias)[1](grad)

    x, weight, bias, grad = (jax.numpy.asarray(array) for array in (x, weight, bias, grad))
    forward, backward = jax.jit(layer_forward), jax.jit(layer_backward)
    return (
        lambda: forward(x, weight, bias).block_until_ready(),
        lambda: jax.block_until_ready(backward(grad, x, weight, bias)),
    )


def product(layer, x, weight, bias, grad, threads):
    """The layer's matrix products and nothing else, by NumPy: the time that is left if moving is free."""
    weight = weight.reshape(layer.groups, layer.in_channels // layer.groups, -1)
    x = x.reshape(len(x), *weight.shape[:2], -1).transpose(1, 2, 0, 3).reshape(*weight.shape[:2], -1)
    stamps, grad_x, grad_weight = weight.swapaxes(1, 2) @ x, np.empty_like(x), np.empty_like(weight)

    def both():
        np.matmul(weight, stamps, out=grad_x)
        np.matmul(x, stamps.swapaxes(1, 2), out=grad_weight)

    return lambda: np.matmul(weight.swapaxes(1, 2), x, out=stamps), both


def machine_gemm(layer, x, weight, bias, grad, threads):
    side = round(GEMM ** (1 / 3))
    a, b = np.ones((2, side, side), np.float32)
    out = np.empty_like(a)
    return (lambda: np.matmul(a, b, out=out),) * 2


def machine_copy(layer, x, weight, bias, grad, threads):
    source = np.ones(COPY, np.float32)  # 16 MB there and 16 MB back
    target = np.empty_like(source)
    return (lambda: np.copyto(target, source),) * 2


ENGINES = {
    "lib": numpy_lib,
    "lib-stamps": only("stamps"),
    "lib-phases": only("phases"),
    "lib-col2im": only("col2im"),
    "lib-usual": pairs_if_saved(inf),
    "lib-pairs": pairs_if_saved(-(10**9)),
    "gemm-route": gemm_route,
    "torch": torch_default,
    "torch-channels-last": torch_channels_last,
    "onnxruntime": onnxruntime,
    "jax": jax,
    "zero-insertion": zero_insertion,
    "naive-loop": naive_loop,
    "product": product,
    "gemm": machine_gemm,
    "copy": machine_copy,
}
MACHINE = ("gemm", "copy")  # not the layer, but what the machine can do
CHECKED = [name for name in ENGINES if name not in ("product", *MACHINE)]


def resident(field):
    """VmRSS or VmHWM of this process in bytes; None where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return None
    return next((1024 * int(line.split()[1]) for line in lines if line.startswith(field)), None)


def extra_memory(call, traced):
    """Peak memory of one call beyond what it returns and what was there before, in bytes.

    NumPy tells tracemalloc what it allocates. Of the others the system knows only the resident pages.
    """
    if traced:
        tracemalloc.start()
        result = call()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak - sum(array.nbytes for array in (result if isinstance(result, tuple) else (result,)))
    try:
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    except OSError:
        return None
    before = resident("VmRSS")
    result = call()
    peak = resident("VmHWM")
    outputs = result if isinstance(result, (tuple, list)) else (result,)
    return max(0, peak - before - sum(array.nbytes for array in outputs))


def turn(call, clock):
    """Seconds per call, of as many calls as fit into one turn, once the threads of the last engine sleep."""
    time.sleep(REST)
    times, start_of_turn = [], clock()
    while not times or (passed := clock() - start_of_turn) < TURN or len(times) < CALLS and passed < LONG:
        start = clock()
        call()
        times.append(clock() - start)
    return times


def serve(name, threads, clock):
    """Answer requests, one JSON object a line, until the input ends."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # what an engine prints must not come between
    call = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "prepare":
            layer, batch = LAYERS[request["layer"]], request["batch"]
            pair = ENGINES[name](layer, *layer.arrays(batch), threads)
            call = pair[request["direction"] == "backward"]
            answer = {"ready": call is not None}
            if call is not None and "result" in request:
                results = call()
                results = results if request["direction"] == "backward" else (results,)
                np.savez(request["result"], *[np.asarray(result) for result in results])
                call()  # warm
                answer["memory"] = extra_memory(
                    call, name.startswith(("lib", "gemm-route", "zero-insertion", "naive-loop"))
                )
        else:
            answer = {"times": turn(call, clock)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    engine, count, clock = sys.argv[1], int(sys.argv[2]), getattr(time, sys.argv[3])
    if count == 1 and hasattr(os, "sched_setaffinity"):  # JAX has no other way to say one thread
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    serve(engine, count, clock)
