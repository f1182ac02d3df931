"""PyTorch's own answers, stored: every value and gradient equal, everything that it refuses refused."""

import numpy as np
import pytest
from stored import label, load

from lib import conv, conv_backward, conv_transpose, conv_transpose_backward, routes

CASES = load("torch_ops")
OPERATORS = {"conv": conv, "conv_transpose": conv_transpose}
BACKWARD = {"conv": conv_backward, "conv_transpose": conv_transpose_backward}
ROUTES = {
    "conv": [routes.conv_loops, routes.conv_gemm],
    "conv_transpose": [
        routes.conv_transpose_loops,
        routes.conv_transpose_stamps,
        routes.conv_transpose_zero_insertion,
        routes.conv_transpose_gemm,
        routes.conv_transpose_subpixel,
        routes.conv_transpose_fewer_products,
    ],
}
ACCEPTED = [case for case in CASES if "refused" not in case]
REFUSED = [case for case in CASES if "refused" in case]


def test_there_is_enough_to_compare():
    for op in OPERATORS:
        for axes in (1, 2, 3):
            fitting = [c for c in ACCEPTED if c["op"] == op and c["arrays"]["weight"].ndim == axes + 2]
            assert len(fitting) >= 30
            assert sum(c["arrays"]["input"].shape[0] == 0 for c in fitting) >= 1
    assert len(REFUSED) >= 60


@pytest.mark.parametrize("case", ACCEPTED, ids=label)
def test_the_same_numbers(case):
    arrays, settings = case["arrays"], case["settings"]
    given = (arrays["input"], arrays["weight"], arrays.get("bias"))
    for operator in (OPERATORS[case["op"]], *ROUTES[case["op"]]):
        output = operator(*given, **settings)
        assert np.array_equal(output, arrays["output"]), operator.__name__
    if "grad_output" in arrays:
        grads = BACKWARD[case["op"]](arrays["grad_output"], *given[:2], **settings)
        for name, grad in zip(("grad_input", "grad_weight", "grad_bias"), grads):
            if name in arrays:
                assert np.array_equal(grad, arrays[name]), name


@pytest.mark.parametrize("case", REFUSED, ids=label)
def test_the_same_refusals(case):
    arrays = case["arrays"]
    error = TypeError if case["refused"].startswith("TypeError") else ValueError
    for operator in (OPERATORS[case["op"]], *ROUTES[case["op"]]):
        with pytest.raises(error):
            operator(arrays["input"], arrays["weight"], arrays.get("bias"), **case["settings"])


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_rounding_is_all_that_floating_point_adds(dtype):
    # The same cases in thirds: the largest error relative to the largest number of each output.
    worst = 0
    for case in ACCEPTED:
        arrays, settings = case["arrays"], case["settings"]
        if arrays["output"].size:
            operator = OPERATORS[case["op"]]
            thirds = ((arrays[name] / 3).astype(dtype) for name in ("input", "weight"))
            output = operator(*thirds, **settings)
            exact = operator(arrays["input"], arrays["weight"], **settings)  # what PyTorch gave, without bias
            assert output.dtype == dtype
            worst = max(worst, np.abs(9 * output.astype(float) - exact).max() / max(1, np.abs(exact).max()))
    assert 0 < worst < 20 * np.finfo(dtype).eps
