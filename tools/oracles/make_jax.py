"""What JAX computes: ``tests/data/jax.npz``, the oracle of ``lib.dialects.jax_conv_transpose``.

Run in an environment that has JAX, Flax, Haiku and Equinox:  python tools/oracles/make_jax.py

A case has ``call``, the keyword arguments of ``jax.lax.conv_transpose`` after ``lhs`` and ``rhs`` (lists
stand for tuples), and the arrays ``input``, ``weight`` and ``output``; or ``refused``. A case with
``"layer"`` (flax.linen.ConvTranspose, haiku.Conv2DTranspose, equinox.nn.ConvTranspose2d) has the arguments of
that layer instead and its parameters as ``weight`` and, with Flax, ``bias``.
"""

import os
import sys
from pathlib import Path

os.environ.update(JAX_PLATFORMS="cpu")

import flax
import jax
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from store import observe, ramp, write


def as_tuples(value):
    return tuple(as_tuples(entry) for entry in value) if isinstance(value, list) else value


def run(call, arrays):
    """The framework's own answer, as an array."""
    call = {name: as_tuples(value) for name, value in call.items()}
    lhs, rhs = (jax.numpy.asarray(arrays[role], "float32") for role in ("input", "weight"))
    return np.asarray(jax.lax.conv_transpose(lhs, rhs, **call))


def run_flax(call, arrays):
    """What flax.linen.ConvTranspose gives with these parameters, as an array."""
    call = {name: as_tuples(value) for name, value in call.items()}
    parameters = {"kernel": arrays["weight"].astype("float32"), "bias": arrays["bias"].astype("float32")}
    layer = flax.linen.ConvTranspose(**call)
    return np.asarray(layer.apply({"params": parameters}, arrays["input"].astype("float32")))


def run_haiku(call, arrays):
    """What haiku.Conv2DTranspose gives with this weight, as an array."""
    import haiku

    call = {name: as_tuples(value) for name, value in call.items()}
    layer = haiku.transform(lambda x: haiku.Conv2DTranspose(with_bias=False, **call)(x))
    x, weight = (arrays[role].astype("float32") for role in ("input", "weight"))
    (name,) = layer.init(jax.random.PRNGKey(0), x)
    return np.asarray(layer.apply({name: {"w": weight}}, None, x))


def run_equinox(call, arrays):
    """What equinox.nn.ConvTranspose2d gives with this weight for one image without a batch, as an array."""
    import equinox

    call = {name: as_tuples(value) for name, value in call.items()}
    layer = equinox.nn.ConvTranspose2d(use_bias=False, key=jax.random.PRNGKey(0), **call)
    layer = equinox.tree_at(lambda module: module.weight, layer, arrays["weight"].astype("float32"))
    return np.asarray(layer(arrays["input"].astype("float32")))


def random_case(rng, dims, number):
    in_channels, out_channels = (int(c) for c in rng.choice(4, 2, replace=False) + 1)
    kernel = [int(k) for k in rng.integers(1, {1: 6, 2: 5, 3: 3}[dims] + 1, dims)]
    stride = [int(s) for s in rng.integers(1, 5, dims)]
    dilation = [int(d) for d in rng.integers(1, 4, dims)]
    size = [int(i) for i in rng.integers(1, {1: 6, 2: 4, 3: 3}[dims] + 1, dims)]
    transpose_kernel, consistent = bool(rng.random() < 0.5), bool(rng.random() < 0.4)
    call = {"strides": stride}
    padding = ["SAME", "VALID", "pairs"][rng.integers(3)]
    if padding == "pairs":
        reach = [d * (k - 1) for d, k in zip(dilation, kernel)]
        low, high = (-1, 2) if consistent else (-2, 4)
        padding = [[int(rng.integers(low, r + high)), int(rng.integers(low, r + high))] for r in reach]
    call["padding"] = padding
    dilated = rng.random() < 0.4
    call |= {"rhs_dilation": dilation} if dilated else {}
    call |= {"transpose_kernel": True} if transpose_kernel else {}
    call |= {"use_consistent_padding": True} if consistent else {}
    channels = {"N": 1 + number % 2, "C": in_channels, "I": in_channels, "O": out_channels}
    if transpose_kernel:
        channels |= {"I": out_channels, "O": in_channels}
    letters = "HWD"[:dims]
    lhs, rhs = f"N{letters}C", f"{letters}IO"
    if rng.random() < 0.4:  # any order of axes; that of the kernel's decides which setting belongs to which
        mixed = ["".join(rng.permutation(list(word))) for word in (lhs, rhs, lhs)]
        call["dimension_numbers"], (lhs, rhs, _) = mixed, mixed
    spatial = [letter for letter in rhs if letter in letters]
    lengths = channels | {letter: (i, k) for letter, i, k in zip(spatial, size, kernel)}
    shape = [lengths[letter][0] if letter in letters else lengths[letter] for letter in lhs]
    weight_shape = [lengths[letter][1] if letter in letters else lengths[letter] for letter in rhs]
    arrays = {"input": rng.integers(-9, 10, shape), "weight": ramp(*weight_shape)}
    return observe(f"{dims}-D {number}", run, call, arrays)


def line(kernel):
    return {"input": 10 ** np.arange(3).reshape(1, 3, 1), "weight": ramp(kernel, 1, 1)}


def rule_cases():
    for padding in ("SAME", "VALID"):
        for transpose_kernel in (False, True):
            for kernel in (1, 2, 3, 4, 5):
                for stride in (1, 2, 3, 6):
                    call = {"strides": [stride], "padding": padding, "transpose_kernel": transpose_kernel}
                    yield observe(
                        f"{padding}: kernel {kernel}, stride {stride}, transpose_kernel {transpose_kernel}",
                        run,
                        call,
                        line(kernel),
                    )
    for consistent in (False, True):
        for pair in ([0, 0], [1, 1], [2, 2], [1, 0], [0, 1], [3, 5], [-1, 0], [0, -2], [4, 3], [-9, 9]):
            call = {
                "strides": [2],
                "padding": [pair],
                "transpose_kernel": True,
                "use_consistent_padding": consistent,
            }
            yield observe(f"pairs: {pair}, use_consistent_padding {consistent}", run, call, line(3))
    plane = {"input": ramp(1, 3, 2, 2), "weight": ramp(3, 2, 2, 4)}
    good = {"strides": [2, 3], "padding": "SAME"}
    rules = {
        "as it should be": {},
        "padding lower case": {"padding": "same"},
        "padding SAME_LOWER": {"padding": "SAME_LOWER"},
        "padding an int": {"padding": 1},
        "padding one int per axis": {"padding": [1, 1]},
        "padding of one axis": {"padding": [[1, 1]]},
        "padding of three axes": {"padding": [[1, 1], [0, 0], [0, 0]]},
        "padding of three ends": {"padding": [[1, 1, 1], [0, 0, 0]]},
        "strides an int": {"strides": 2},
        "strides of three": {"strides": [2, 3, 1]},
        "strides of one": {"strides": [2]},
        "strides 0": {"strides": [0, 1]},
        "strides negative": {"strides": [-1, 1]},
        "rhs_dilation an int": {"rhs_dilation": 2},
        "rhs_dilation 0": {"rhs_dilation": [0, 1]},
        "rhs_dilation of one": {"rhs_dilation": [2]},
        "rhs_dilation": {"rhs_dilation": [2, 1]},
        "dimension_numbers as they are by default": {"dimension_numbers": ["NHWC", "HWIO", "NHWC"]},
        "dimension_numbers of the output alone": {"dimension_numbers": ["NHWC", "HWIO", "NCHW"]},
        "dimension_numbers, other letters in the kernel": {"dimension_numbers": ["NHWC", "XYIO", "NHWC"]},
        "dimension_numbers of two": {"dimension_numbers": ["NHWC", "HWIO"]},
        "dimension_numbers too short": {"dimension_numbers": ["NHC", "HIO", "NHC"]},
        "dimension_numbers without a batch": {"dimension_numbers": ["HHWC", "HWIO", "NHWC"]},
        "dimension_numbers twice the same letter": {"dimension_numbers": ["NHHC", "HHIO", "NHHC"]},
        "dimension_numbers one word": {"dimension_numbers": "NHWC"},
    }
    for name, change in rules.items():
        yield observe(name, run, good | change, plane)
    exchanged = plane | {"weight": ramp(3, 2, 4, 2)}
    yield observe("kernel with in and out exchanged", run, good, exchanged)
    yield observe(
        "kernel with in and out exchanged, transpose_kernel",
        run,
        good | {"transpose_kernel": True},
        exchanged,
    )
    yield observe("kernel in default order, transpose_kernel", run, good | {"transpose_kernel": True}, plane)
    yield observe(
        "groups: one channel of kernel for two of input", run, good, plane | {"weight": ramp(3, 2, 1, 4)}
    )
    yield observe("kernel with too few axes", run, good, plane | {"weight": ramp(3, 2, 4)})
    yield observe("batch 0", run, good, plane | {"input": ramp(0, 3, 2, 2)})
    four = {"input": ramp(1, 2, 1, 2, 2, 1), "weight": ramp(1, 2, 1, 2, 1, 1)}
    yield observe("4-D without dimension_numbers", run, {"strides": [1, 2, 1, 2], "padding": "SAME"}, four)
    yield observe(
        "4-D",
        run,
        {"strides": [1, 2, 1, 2], "padding": "SAME", "dimension_numbers": ["NABDEC", "ABDEIO", "NABDEC"]},
        four,
    )


def flax_cases():
    arrays = {"input": ramp(1, 5, 4, 2), "weight": ramp(3, 2, 2, 4), "bias": 1000 * ramp(4)}
    given = {"features": 4, "kernel_size": [3, 2], "strides": [2, 3]}
    for padding in ("SAME", "VALID", [[0, 0], [0, 0]], [[1, 1], [1, 1]], [[2, 2], [1, 0]]):
        for change in ({}, {"kernel_dilation": [2, 1]}):
            yield observe(
                f"flax: {padding} {change or ''}",
                run_flax,
                given | {"padding": padding} | change,
                arrays,
                layer="flax.linen.ConvTranspose",
            )
    yield observe(
        "flax: transpose_kernel",
        run_flax,
        given | {"padding": "SAME", "transpose_kernel": True},
        arrays | {"weight": ramp(3, 2, 4, 2)},
        layer="flax.linen.ConvTranspose",
    )
    yield observe(
        "flax: kernel in default order, transpose_kernel",
        run_flax,
        given | {"padding": "SAME", "transpose_kernel": True},
        arrays,
        layer="flax.linen.ConvTranspose",
    )


def haiku_and_equinox_cases():
    arrays = {"input": ramp(1, 3, 4, 2), "weight": ramp(3, 2, 4, 2)}
    for padding in ("SAME", "VALID"):
        call = {"output_channels": 4, "kernel_shape": [3, 2], "stride": [2, 3], "padding": padding}
        yield observe(f"haiku: {padding}", run_haiku, call, arrays, layer="haiku.Conv2DTranspose")
    settings = (
        {"stride": [2, 2], "padding": [[1, 1], [1, 1]]},
        {"stride": [2, 2], "padding": [[1, 1], [1, 1]], "output_padding": [1, 1]},
        {"stride": [3, 3], "padding": [[1, 0], [2, 1]], "output_padding": [1, 2]},
        {"stride": [1, 1], "padding": [[0, 0], [0, 0]], "dilation": [2, 1]},
        {"stride": [1, 1], "padding": [[0, 0], [0, 0]], "dilation": [2, 2], "output_padding": [1, 1]},
    )
    for groups in (1, 2):
        arrays = {"input": ramp(4, 3, 4), "weight": ramp(6, 4 // groups, 3, 2)}
        for change in settings:
            call = {"in_channels": 4, "out_channels": 6, "kernel_size": [3, 2], "groups": groups, **change}
            name = f"equinox: groups {groups} {change}"
            yield observe(name, run_equinox, call, arrays, layer="equinox.nn.ConvTranspose2d")


def main():
    import equinox
    import haiku

    rng = np.random.default_rng(20240504)
    cases = [
        random_case(rng, dims, number)
        for dims, count in {1: 90, 2: 130, 3: 50}.items()
        for number in range(count)
    ]
    versions = {module.__name__: module.__version__ for module in (jax, flax, haiku, equinox, np)}
    write(
        "jax",
        [*cases, *rule_cases(), *flax_cases(), *haiku_and_equinox_cases()],
        versions,
        "tools/oracles/make_jax.py",
    )


if __name__ == "__main__":
    main()
