"""What PyTorch computes: ``tests/data/torch_ops.npz``, the oracle of ``lib.ops`` and ``lib.gradients``, and
``tests/data/torch_dialect.npz``: the ways of calling that only ``lib.dialects.torch_conv_transpose`` takes.

Run in an environment that has PyTorch:  python tools/oracles/make_torch.py

Every case has
    name            "conv_transpose 2-D 17" op              "conv" or "conv_transpose" settings        keyword
    arguments: stride, padding, dilation, groups, and output_padding for conv_transpose;
                    an int or a list with one int per spatial axis
    arrays          input, weight, bias (if any), output; unless the batch is 0: grad_output, grad_input,
                    grad_weight, grad_bias, the gradients of sum(output * grad_output)
    refused         only where PyTorch refused: its message. Then there is no output
    padding is as in torch: symmetric, of the forward convolution; it may exceed dilation * (kernel_size - 1).
All numbers are integers, computed in float64.
"""

import sys
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))
from store import first_line, observe, ramp, write

F = torch.nn.functional
OPERATORS = {("conv", n): getattr(F, f"conv{n}d") for n in (1, 2, 3)}
OPERATORS |= {("conv_transpose", n): getattr(F, f"conv_transpose{n}d") for n in (1, 2, 3)}


def run(op, settings, arrays):
    """Output and, unless the batch is empty, gradients, as arrays."""
    rng = np.random.default_rng(len(arrays["weight"].ravel()))
    tensors = {
        role: torch.tensor(array, dtype=torch.float64, requires_grad=True) for role, array in arrays.items()
    }
    operator = OPERATORS[op, arrays["weight"].ndim - 2]
    settings = {name: tuple(v) if isinstance(v, list) else v for name, v in settings.items()}
    output = operator(tensors["input"], tensors["weight"], tensors.get("bias"), **settings)
    results = {"output": output.detach().numpy()}
    if output.numel():
        grad_output = rng.integers(-9, 10, output.shape)
        grads = torch.autograd.grad(
            output, list(tensors.values()), torch.tensor(grad_output, dtype=torch.float64)
        )
        results["grad_output"] = grad_output
        results |= {f"grad_{role}": g.numpy() for role, g in zip(tensors, grads)}
    return results


def case(name, op, settings, arrays):
    try:
        return {"name": name, "op": op, "settings": settings, "arrays": arrays | run(op, settings, arrays)}
    except (RuntimeError, ValueError, TypeError) as error:
        return {"name": name, "op": op, "settings": settings, "arrays": arrays, "refused": first_line(error)}


def per_axis(rng, dims, low, high):
    """One int per axis, or now and then one int for all of them."""
    values = [int(v) for v in rng.integers(low, high + 1, dims)]
    return values[0] if rng.random() < 0.2 else values


def as_list(value, dims):
    return value if isinstance(value, list) else [value] * dims


def random_case(rng, op, dims, number):
    """Settings with no symmetry: channels, sizes, and every setting differ from axis to axis."""
    groups = int(rng.choice([1, 1, 2, 3]))
    per_group = rng.choice(4, 2, replace=False) + 1
    in_channels, out_channels = (int(c) * groups for c in per_group)
    if dims == 3:  # small: the file has to stay small
        groups, in_channels, out_channels = (1, 2, 3) if groups == 1 else (2, 2, 4)
    largest = {1: 9, 2: 6, 3: 3}[dims]
    kernel = [int(k) for k in rng.integers(1, {1: 6, 2: 4, 3: 3}[dims] + 1, dims)]
    stride, dilation = (
        per_axis(rng, dims, 1, 4 if dims < 3 else 3),
        per_axis(rng, dims, 1, 4 if dims == 1 else 2),
    )
    reach = [d * (k - 1) for d, k in zip(as_list(dilation, dims), kernel)]
    settings = {"stride": stride, "padding": [int(rng.integers(0, r + 2)) for r in reach]}
    settings |= {"dilation": dilation, "groups": groups}
    if op == "conv":
        lowest = [max(1, r + 1 - 2 * p) for r, p in zip(reach, settings["padding"])]
        size = [int(low + rng.integers(0, largest)) for low in lowest]
        weight_shape = [out_channels, in_channels // groups, *kernel]
    else:
        limit = [max(s, d) for s, d in zip(as_list(stride, dims), as_list(dilation, dims))]
        settings["output_padding"] = [int(rng.integers(0, most)) for most in limit]
        full = [
            reach_ + 1 - 2 * p + a
            for reach_, p, a in zip(reach, settings["padding"], settings["output_padding"])
        ]
        steps = as_list(
            stride, dims
        )  # the smallest input whose output is not empty; now and then one that is too small
        lowest = [1 if number % 25 == 24 else max(1, 1 - (f - 1) // s) for f, s in zip(full, steps)]
        size = [int(low + rng.integers(0, largest)) for low in lowest]
        weight_shape = [in_channels, out_channels // groups, *kernel]
    batch = 0 if number % 20 == 19 else int(rng.integers(1, 3 if dims < 3 else 2))
    arrays = {
        "input": rng.integers(-9, 10, [batch, in_channels, *size]),
        "weight": np.arange(1, 1 + np.prod(weight_shape)).reshape(weight_shape),
    }
    if rng.random() < 0.6:
        arrays["bias"] = 100 * np.arange(1, 1 + out_channels)
    return case(f"{op} {dims}-D {number}", op, settings, arrays)


def edge_cases():
    """One rule each: what PyTorch refuses, and beside it the nearest setting that it takes."""
    conv = {"input": ramp(1, 2, 5, 6), "weight": ramp(3, 2, 3, 2)}
    transposed = {"input": ramp(1, 2, 3, 4), "weight": ramp(2, 3, 3, 2)}
    for op, arrays in (("conv", conv), ("conv_transpose", transposed)):
        rules = [
            ("stride 0", {"stride": 0}),
            ("stride 0 on one axis", {"stride": [2, 0]}),
            ("stride negative", {"stride": -1}),
            ("padding negative", {"padding": -1}),
            ("padding negative on one axis", {"padding": [1, -1]}),
            ("dilation 0", {"dilation": 0}),
            ("dilation 0 on one axis", {"dilation": [1, 0]}),
            ("dilation negative", {"dilation": -2}),
            ("groups 0", {"groups": 0}),
            ("groups negative", {"groups": -1}),
            ("groups do not divide", {"groups": 4}),
            ("one setting too many", {"stride": [1, 2, 1]}),
            ("stride not an int", {"stride": 1.5}),
            ("padding not an int", {"padding": 0.5}),
        ]
        for name, settings in rules:
            yield case(f"{op}: {name}", op, settings, arrays)
        shapes = [
            ("input channels differ", {"input": ramp(1, 3, 5, 6)}),
            ("bias too long", {"bias": ramp(4)}),
            ("bias too short", {"bias": ramp(2)}),
            ("bias with two axes", {"bias": ramp(3, 1)}),
            ("bias fits", {"bias": ramp(3)}),
            ("batch 0", {"input": ramp(0, 2, 5, 6)}),
            ("input size 0", {"input": ramp(1, 2, 0, 6)}),
            ("kernel size 0", {"weight": ramp(*arrays["weight"].shape[:2], 0, 2)}),
            ("weight with one axis too few", {"weight": ramp(*arrays["weight"].shape[:2], 3)}),
        ]
        for name, changed in shapes:
            yield case(f"{op}: {name}", op, {}, arrays | changed)

    for padding in (0, 1, 2):  # one axis: kernel reach 7 over size 5 + 2 * padding
        small = {"input": ramp(1, 1, 5), "weight": ramp(1, 1, 4)}
        yield case(
            f"conv: effective kernel 7 over 5, padding {padding}",
            "conv",
            {"padding": padding, "dilation": 2},
            small,
        )
    yield case("conv: groups 2", "conv", {"groups": 2}, {"input": ramp(1, 4, 5), "weight": ramp(6, 2, 3)})
    yield case(
        "conv: groups do not divide out_channels",
        "conv",
        {"groups": 2},
        {"input": ramp(1, 4, 5), "weight": ramp(5, 2, 3)},
    )
    yield case(
        "conv: groups, weight of all channels",
        "conv",
        {"groups": 2},
        {"input": ramp(1, 4, 5), "weight": ramp(6, 4, 3)},
    )
    yield case(
        "conv: in_channels not groups * weight",
        "conv",
        {"groups": 3},
        {"input": ramp(1, 4, 5), "weight": ramp(6, 2, 3)},
    )
    yield case(
        "conv_transpose: groups 2",
        "conv_transpose",
        {"groups": 2},
        {"input": ramp(1, 4, 5), "weight": ramp(4, 3, 2)},
    )
    yield case(
        "conv_transpose: groups do not divide in_channels",
        "conv_transpose",
        {"groups": 3},
        {"input": ramp(1, 4, 5), "weight": ramp(4, 3, 2)},
    )
    yield case(
        "conv_transpose: weight of the conv layout",
        "conv_transpose",
        {},
        {"input": ramp(1, 2, 5), "weight": ramp(3, 2, 2)},
    )

    line = {"input": ramp(1, 1, 4), "weight": ramp(1, 1, 3)}
    for stride, dilation in ((1, 1), (2, 1), (1, 2), (3, 2), (2, 3)):
        for output_padding in range(-1, max(stride, dilation) + 2):
            settings = {"stride": stride, "dilation": dilation, "output_padding": output_padding}
            yield case(
                f"conv_transpose: output_padding {output_padding}, stride {stride}, dilation {dilation}",
                "conv_transpose",
                settings,
                line,
            )
    for stride in (1, 2):
        for padding in range(0, 6):  # the output shrinks to nothing: where does PyTorch stop?
            yield case(
                f"conv_transpose: padding {padding}, stride {stride}",
                "conv_transpose",
                {"stride": stride, "padding": padding},
                line,
            )
    yield case(
        "conv_transpose: output size 1",
        "conv_transpose",
        {"padding": 2, "stride": 2},
        {"input": ramp(1, 1, 2), "weight": ramp(1, 1, 3)},
    )
    yield case(
        "conv_transpose: output size 0",
        "conv_transpose",
        {"padding": 2},
        {"input": ramp(1, 1, 2), "weight": ramp(1, 1, 3)},
    )
    yield case(
        "conv_transpose: output size 0 but one output_padding",
        "conv_transpose",
        {"padding": 3, "stride": 2, "output_padding": 1},
        {"input": ramp(1, 1, 2), "weight": ramp(1, 1, 4)},
    )


def run_function(call, arrays):
    """torch.nn.functional.conv_transposeNd with these arguments, as an array."""
    operator = OPERATORS["conv_transpose", arrays["weight"].ndim - 2]
    call = {name: tuple(value) if isinstance(value, list) else value for name, value in call.items()}
    given = [torch.tensor(array, dtype=torch.float64) for array in arrays.values()]
    return operator(*given, *call.pop("positional", ()), **call).numpy()


def run_module(call, arrays):
    """torch.nn.ConvTransposeNd(...)(input, output_size=...), as an array."""
    call = {name: tuple(value) if isinstance(value, list) else value for name, value in call.items()}
    output_size, weight = call.pop("output_size"), torch.tensor(arrays["weight"], dtype=torch.float64)
    module = getattr(torch.nn, f"ConvTranspose{weight.ndim - 2}d")
    layer = module(
        weight.shape[0], weight.shape[1], tuple(weight.shape[2:]), bias=False, dtype=torch.float64, **call
    )
    with torch.no_grad():
        layer.weight.copy_(weight)
        return layer(
            torch.tensor(arrays["input"], dtype=torch.float64), output_size=list(output_size)
        ).numpy()


def dialect_cases():
    plane = {"input": ramp(1, 4, 3, 2), "weight": ramp(4, 3, 3, 2)}
    alone = {"input": ramp(4, 3, 2), "weight": ramp(4, 3, 3, 2)}
    with_bias = plane | {"bias": 100 * ramp(6)}
    yield observe("without a batch", run_function, {"stride": [2, 3]}, alone)
    yield observe("without a batch, bias", run_function, {"stride": 2}, alone | {"bias": 100 * ramp(3)})
    yield observe(
        "a sequence of one",
        run_function,
        {"stride": [2], "padding": [1], "output_padding": [1], "dilation": [2]},
        plane,
    )
    yield observe(
        "positional: groups before dilation",
        run_function,
        {"positional": [[2, 3], 1, [1, 2], 2, [1, 2]]},
        with_bias,
    )
    yield observe("padding same", run_function, {"padding": "same"}, plane)
    yield observe("padding (before, after)", run_function, {"padding": [[1, 0], [1, 1]]}, plane)
    yield observe("two axes too many", run_function, {}, plane | {"input": ramp(1, 1, 4, 3, 2)})
    yield observe("an axis too few", run_function, {}, plane | {"input": ramp(3, 2)})
    line = {"input": ramp(1, 1, 4), "weight": ramp(1, 1, 3)}
    for stride, padding, dilation in ((2, 1, 1), (3, 0, 1), (3, 2, 2), (1, 1, 2)):
        least = stride * 3 + dilation * 2 + 1 - 2 * padding
        for size in range(least - 1, least + max(stride, dilation) + 1):
            call = {"stride": stride, "padding": padding, "dilation": dilation, "output_size": [size]}
            yield observe(
                f"output_size {size}: stride {stride}, padding {padding}, dilation {dilation}",
                run_module,
                call,
                line,
                module=True,
            )
    yield observe(
        "output_size of two axes", run_module, {"stride": [2, 3], "output_size": [8, 7]}, plane, module=True
    )


def main():
    rng = np.random.default_rng(20240501)
    how_many = {("conv", 1): 60, ("conv", 2): 60, ("conv", 3): 40}
    how_many |= {("conv_transpose", 1): 120, ("conv_transpose", 2): 120, ("conv_transpose", 3): 60}
    cases = [
        random_case(rng, op, dims, number)
        for (op, dims), count in how_many.items()
        for number in range(count)
    ]
    versions = {"torch": torch.__version__, "numpy": np.__version__}
    write("torch_ops", [*cases, *edge_cases()], versions, "tools/oracles/make_torch.py")
    write("torch_dialect", list(dialect_cases()), versions, "tools/oracles/make_torch.py")


if __name__ == "__main__":
    main()
