"""Every formula of the subject that the book states, asserted as it is written.

Relationships are numbered as in version 2 of Dumoulin and Visin (2016), arXiv:1603.07285: 15 of them.
Where each formula is asserted:

| formula | here | more of it |
|---|---|---|
| relationships 1 to 15 | test_relationship_01 ... test_relationship_15 | test_shapes, test_properties (sizes)
| | size of the transposed convolution | test_general_size | test_shapes, test_torch_data | | scatter |
test_scatter | test_properties (routes), test_torch_data | | gather | test_gather | test_properties (routes) |
| equivalent direct correlation | test_equivalent_direct_correlation | test_properties (routes) | | matrix of
the direct convolution, Toeplitz | test_matrix_and_its_structure | test_matrix, test_properties | | adjoint |
test_adjoint | test_properties | | direct size maps s sizes to one, a selects | test_direct_size_forgets |
test_shapes, test_properties | | backward of the layer | test_backward | test_gradients, test_properties,
test_torch_data | | cost | test_cost | | | overlap per phase | test_overlap | test_kernels | | dilation and
stride: holes | test_holes | test_kernels | | sub-pixel | test_subpixel | test_routes, test_properties,
test_kernels | | nearest-neighbour resize and convolution | test_resize_convolution | | | bilinear |
test_bilinear | test_kernels | | k4 s2 p1 and k3 s2 p1 a1 | test_doubling | test_shapes (solve_sizes) | | test
vectors | test_vectors_... | test_ops, test_matrix |
"""

from itertools import product
from math import ceil, floor, gcd, prod

import numpy as np
import pytest

from lib import (
    conv,
    conv_backward,
    conv_matrix,
    conv_output_size,
    conv_transpose,
    conv_transpose_backward,
    conv_transpose_output_size,
)
from lib.gradients import dot_product_test
from lib.kernels import (
    bilinear,
    bilinear_padding,
    depthwise,
    nearest,
    overlap,
    phase_overlap,
)
from lib.routes import insert_zeros, pad_or_crop, pixel_shuffle, rotate
from lib.shapes import conv_input_sizes, output_padding_for

I, K, S, P = range(1, 10), range(1, 6), range(1, 5), range(0, 4)  # noqa: E741


def o(i, k, s=1, p=0, d=1):
    """Output size of a real convolution, or None where it is refused."""
    try:
        return conv(np.ones((1, 1, i)), np.ones((1, 1, k)), stride=s, padding=p, dilation=d).shape[2]
    except ValueError:
        return None


def o_transposed(i, k, s=1, p=0, a=0):
    """Output size of a real transposed convolution."""
    y = conv_transpose(np.ones((1, 1, i)), np.ones((1, 1, k)), stride=s, padding=p, output_padding=a)
    return y.shape[2]


# --- direct convolution: relationships 1 to 7, and 15 ---


def test_relationship_01_no_padding_stride_1():
    for i, k in product(I, K):
        assert o(i, k) == (i - k + 1 if i >= k else None)


def test_relationship_02_padding_stride_1():
    for i, k, p in product(I, K, P):
        assert o(i, k, p=p) == (i - k + 2 * p + 1 if i + 2 * p >= k else None)


def test_relationship_03_half_padding_keeps_the_size():
    for i, n in product(I, range(4)):
        assert o(i, 2 * n + 1, p=n) == i


def test_relationship_04_full_padding():
    for i, k in product(I, K):
        assert o(i, k, p=k - 1) == i + (k - 1)


def test_relationship_05_no_padding_any_stride():
    for i, k, s in product(I, K, S):
        assert o(i, k, s) == (floor((i - k) / s) + 1 if i >= k else None)


def test_relationship_06_general():
    for i, k, s, p in product(I, K, S, P):
        assert o(i, k, s, p) == (floor((i + 2 * p - k) / s) + 1 if i + 2 * p >= k else None)


def test_relationship_07_pooling_has_the_same_size():
    for i, k, s in product(I, K, S):
        pooled = [max(range(start, start + k)) for start in range(0, i - k + 1, s)]
        if pooled:
            assert len(pooled) == floor((i - k) / s) + 1 == conv_output_size(i, k, s)


def test_relationship_15_dilation():
    for i, k, s, p, d in product(I, K, S, (0, 1, 3), (1, 2, 3)):
        size = floor((i + 2 * p - k - (k - 1) * (d - 1)) / s) + 1
        assert o(i, k, s, p, d) == (size if size >= 1 else None)


# --- transposed convolution: relationships 8 to 14 ---


def as_direct(x, w, s, p_direct, extra=0):
    """The equivalent direct convolution: zeros inserted, p' at both ends, the kernel rotated."""
    stretched = pad_or_crop(insert_zeros(x, (s,)), [(p_direct, p_direct + extra)])
    return conv(stretched, rotate(w, axes=1))


def ramp(*shape):
    return np.arange(1, 1 + prod(shape)).reshape(shape)


def test_relationship_08_transposed_no_padding_stride_1():
    for i, k in product(I, K):
        assert o_transposed(i, k) == i + (k - 1)
        x, w = ramp(1, 1, i), ramp(1, 1, k)
        assert np.array_equal(as_direct(x, w, 1, k - 1), conv_transpose(x, w))  # k' = k, s' = 1, p' = k - 1


def test_relationship_09_transposed_padding():
    for i, k, p in product(I, K, P):
        if i + (k - 1) - 2 * p >= 1:
            assert o_transposed(i, k, p=p) == i + (k - 1) - 2 * p
            x, w = ramp(1, 1, i), ramp(1, 1, k)  # p' = k - p - 1, and where that is negative it crops
            assert np.array_equal(as_direct(x, w, 1, k - p - 1), conv_transpose(x, w, padding=p))


def test_relationship_10_transposed_half_padding():
    for i, n in product(I, range(4)):
        k, p = 2 * n + 1, n
        assert k - p - 1 == p  # p' = p
        assert o_transposed(i, k, p=p) == i


def test_relationship_11_transposed_full_padding():
    for i, k in product(I, K):
        p = k - 1
        assert k - p - 1 == 0  # p' = 0
        if i - (k - 1) >= 1:
            assert o_transposed(i, k, p=p) == i - (k - 1)


def test_relationship_12_transposed_stride():
    for i, k, s in product(I, K, S):  # i is the transposed operation's input, the o of the direct one
        assert o_transposed(i, k, s) == s * (i - 1) + k
        direct = s * (i - 1) + k
        assert (direct - k) % s == 0
        assert o(direct, k, s) == i
        x, w = ramp(1, 1, i), ramp(1, 1, k)
        assert np.array_equal(as_direct(x, w, s, k - 1), conv_transpose(x, w, stride=s))


def test_relationship_13_transposed_stride_and_padding():
    for i, k, s, p in product(I, K, S, P):
        size = s * (i - 1) + k - 2 * p
        if size >= 1:
            assert o_transposed(i, k, s, p) == size
            assert (size + 2 * p - k) % s == 0
            x, w = ramp(1, 1, i), ramp(1, 1, k)
            assert np.array_equal(as_direct(x, w, s, k - p - 1), conv_transpose(x, w, stride=s, padding=p))


def test_relationship_14_transposed_any_size():
    for i, k, s, p in product(I, K, S, P):
        small = o(i, k, s, p)
        if small:
            a = (i + 2 * p - k) % s
            assert output_padding_for(i, k, s, p) == a
            assert o_transposed(small, k, s, p, a) == s * (small - 1) + a + k - 2 * p == i
            x, w = ramp(1, 1, small), ramp(1, 1, k)
            y = conv_transpose(x, w, stride=s, padding=p, output_padding=a)
            assert np.array_equal(as_direct(x, w, s, k - p - 1, a), y)


# --- the general case ---

# One axis: input size, kernel size, stride, padding (begin, end), output_padding, dilation.
GENERAL = [
    case
    for case in product(
        (1, 2, 4), (1, 2, 3, 4), (1, 2, 3), ((0, 0), (1, 2), (2, 0), (4, 1)), (0, 1, 2), (1, 2, 3)
    )
    if case[4] < max(case[2], case[5])
    and (case[0] - 1) * case[2] - sum(case[3]) + case[5] * (case[1] - 1) + 1 + case[4] >= 1
]


def transposed(x, w, s, p, a, d, groups=1):
    return conv_transpose(x, w, stride=s, padding=(p,), output_padding=a, dilation=d, groups=groups)


def test_general_size():
    assert len(GENERAL) > 500
    for i, k, s, (begin, end), a, d in GENERAL:
        size = conv_transpose_output_size((i,), k, s, ((begin, end),), a, d)
        assert size == ((i - 1) * s - begin - end + d * (k - 1) + 1 + a,)
        assert transposed(ramp(1, 1, i), ramp(1, 1, k), s, (begin, end), a, d).shape[2:] == size


def test_scatter():
    # y[n, co, m s + kappa d - p_b] += x[n, ci, m] w[ci, co, kappa], ci and co in the same group, + bias[co]
    for i, k, s, (begin, end), a, d in GENERAL[::7]:
        x, w, bias = ramp(2, 4, i), ramp(4, 3, k), np.array([0, 100, 200, 300, 400, 500])
        y = conv_transpose(
            x, w, bias, stride=s, padding=((begin, end),), output_padding=a, dilation=d, groups=2
        )
        wanted = np.zeros_like(y) + bias[:, None]
        for n, ci, m, co, kappa in product(range(2), range(4), range(i), range(6), range(k)):
            at = m * s + kappa * d - begin
            if 0 <= at < y.shape[2] and ci // 2 == co // 3:
                wanted[n, co, at] += x[n, ci, m] * w[ci, co % 3, kappa]
        assert np.array_equal(y, wanted)


def test_gather():
    # y[q] = sum over kappa with s | (q + p_b - kappa d) of w[kappa] x[(q + p_b - kappa d) / s], index inside
    # x
    for i, k, s, p, a, d in GENERAL:
        x, w = ramp(i), ramp(k)
        y = transposed(x[None, None], w[None, None], s, p, a, d)[0, 0]
        for q in range(len(y)):
            sources = [(kappa, q + p[0] - kappa * d) for kappa in range(k)]
            partners = [(kappa, at // s) for kappa, at in sources if at % s == 0 and 0 <= at // s < i]
            assert y[q] == sum(w[kappa] * x[m] for kappa, m in partners)


def test_equivalent_direct_correlation():
    # s - 1 zeros between, k^ - 1 - p_b before, k^ - 1 - p_e + a behind (negative crops), stride 1, dilation
    # d, rotated
    cropped = 0
    for i, k, s, (begin, end), a, d in GENERAL:
        x, w, reach = ramp(1, 1, i), ramp(1, 1, k), d * (k - 1) + 1
        margins = (reach - 1 - begin, reach - 1 - end + a)
        stretched = insert_zeros(x, (s,))
        assert stretched.shape[2] == (i - 1) * s + 1
        y = conv(pad_or_crop(stretched, [margins]), rotate(w, axes=1), dilation=d)
        assert np.array_equal(y, transposed(x, w, s, (begin, end), a, d))
        cropped += min(margins) < 0
    assert cropped > 50


def test_matrix_and_its_structure():
    # C[u, v] = w[kappa] iff v = u s + kappa d - p; transposed is C^T
    for i, k, s, p, d in product((4, 7), (2, 3), (1, 2), (0, 1, 2), (1, 2)):
        if i + 2 * p < d * (k - 1) + 1:
            continue
        w = ramp(k)
        matrix = conv_matrix(w, (i,), stride=s, padding=p, dilation=d)
        for u, v in np.ndindex(*matrix.shape):
            fitting = [w[kappa] for kappa in range(k) if v == u * s + kappa * d - p]
            assert matrix[u, v] == sum(fitting)
    # doubly blocked Toeplitz: with stride 1, each step down and right finds the same number; not circulant
    matrix = conv_matrix(ramp(3, 3), (4, 4)).reshape(2, 2, 4, 4)
    for (u, t), (v, r) in product(np.ndindex(2, 2), np.ndindex(4, 4)):
        if u == 0 and v < 3:
            assert matrix[u, t, v, r] == matrix[u + 1, t, v + 1, r]
        if t == 0 and r < 3:
            assert matrix[u, t, v, r] == matrix[u, t + 1, v, r + 1]
    assert conv_matrix([1, 2, 3], (4,), padding=1)[3].tolist() == [
        0,
        0,
        1,
        2,
    ]  # circulant would be [3, 0, 1, 2]


def test_adjoint():
    # <C x, y> = <x, C^T y> with a = (i + 2 p - k^) mod s
    for i, k, s, p, d in product((5, 6, 7, 8), (2, 3), (1, 2, 3), (0, 1), (1, 2)):
        settings, w = {"stride": s, "padding": p, "dilation": d}, ramp(1, 1, k)
        a = (i + 2 * p - (d * (k - 1) + 1)) % s
        x = ramp(1, 1, i) ** 2
        y = 7 - ramp(*conv(x, w, **settings).shape)
        numbers = dot_product_test(
            lambda x, w=w, settings=settings: conv(x, w, **settings),
            lambda y, w=w, settings=settings, a=a: conv_transpose(y, w, output_padding=a, **settings),
            x,
            y,
        )
        assert numbers.forward == numbers.adjoint


def test_direct_size_forgets():
    # floor((i + 2 p - k^) / s) + 1 maps s sizes in a row to one; a in [0, s - 1] selects; conv returns iff a
    # < s
    for k, s, p, d in product(K, S, P, (1, 2, 3)):
        reach = d * (k - 1) + 1
        small = max(1, ceil((2 * p - reach + 1) / s) + 1)
        sizes = conv_input_sizes(small, k, s, p, d)
        assert len(sizes) == s
        assert {floor((i + 2 * p - reach) / s) + 1 for i in sizes} == {small}
        selected = [conv_transpose_output_size(small, k, s, p, a, d) for a in range(s)]
        assert selected == list(sizes)
        for a in range(max(s, d)):
            size = conv_transpose_output_size(small, k, s, p, a, d)
            assert (conv_output_size(size, k, s, p, d) == small) == (a < s)


def test_backward():
    # dx = conv(dy, w), the first i; dw[ci, co, kappa] = sum x[n, ci, m] dy[n, co, m s + kappa d - p_b]; db =
    # sum dy
    more_than_stride = 0
    for i, k, s, (begin, end), a, d in GENERAL[::5]:
        settings = {"stride": s, "padding": ((begin, end),), "dilation": d, "groups": 2}
        x, w = ramp(2, 4, i), ramp(4, 3, k)
        y = conv_transpose(x, w, output_padding=a, **settings)
        dy = 5 - ramp(*y.shape)
        dx, dw, db = conv_transpose_backward(dy, x, w, output_padding=a, **settings)
        whole = conv(dy, w, **settings)
        assert np.array_equal(dx, whole[..., :i])
        assert whole.shape[2] == i + a // s
        more_than_stride += a >= s
        wanted = np.zeros_like(w)
        for ci, co, kappa, m in product(range(4), range(3), range(k), range(i)):
            at = m * s + kappa * d - begin
            if 0 <= at < dy.shape[2]:
                wanted[ci, co, kappa] += (x[:, ci, m] * dy[:, ci // 2 * 3 + co, at]).sum()
        assert np.array_equal(dw, wanted)
        assert np.array_equal(db, dy.sum(axis=(0, 2)))
        # and the backward of conv is this layer
        if a < s:
            dx, _, _ = conv_backward(x, y, w, **settings)
            assert np.array_equal(dx, y)
    assert more_than_stride > 10


def test_cost():
    # N Cin (Cout / g) prod(K) prod(I) multiplications; zero insertion takes prod(O) / prod(I) times as many.
    # In an array of ones every product is 1, so the uncropped sum counts them.
    x, w = np.ones((2, 6, 5, 4), int), np.ones((6, 3, 2, 3), int)
    y = conv_transpose(x, w, stride=(2, 1), groups=2)
    assert y.sum() == 2 * 6 * (6 // 2) * (2 * 3) * (5 * 4)
    x, w = np.ones((1, 1, 32, 32), int), np.ones((1, 1, 4, 4), int)
    y = conv_transpose(x, w, stride=2)
    zero_insertion = y.size * w.size  # every window of the stretched input, zeros included
    assert zero_insertion / y.sum() == y.size / x.size
    assert round(zero_insertion / y.sum(), 2) == 4.25


def test_overlap():
    # interior, d = 1: phase r receives ceil((k - r) / s); uniform iff s | k; on two axes the product
    for k, s in product(range(1, 9), range(1, 6)):
        counts = phase_overlap(k, s).tolist()
        assert counts == [max(0, ceil((k - r) / s)) for r in range(s)]
        assert (len(set(counts)) == 1) == (k % s == 0)
        assert overlap((20,), k, stride=s)[8 * s : 9 * s].tolist() == counts
        assert np.array_equal(phase_overlap((k, 3), (s, 2)), np.outer(counts, [2, 1]))
    assert phase_overlap(3, 2).tolist() == [2, 1]
    assert phase_overlap(5, 2).tolist() == [3, 2]
    assert phase_overlap(5, 3).tolist() == [2, 2, 1]
    assert phase_overlap(2, 3).tolist() == [1, 1, 0]


def test_holes():
    # q + p not a multiple of gcd(s, d) is never written; s = 2, d = 2 leaves 3/4 of a map 0; uniform iff gcd
    # 1 and s | k
    for k, s, d, p in product((2, 3, 5), range(1, 5), range(1, 5), (0, 1)):
        line = overlap((6,), k, stride=s, dilation=d, padding=p)
        never = [q for q in range(len(line)) if (q + p) % gcd(s, d)]
        assert not line[never].any()
        uniform = len(set(phase_overlap(k, s, d).tolist())) == 1
        assert uniform == (gcd(s, d) == 1 and k % s == 0)
    image = overlap((8, 8), 3, stride=2, dilation=2, padding=((2, 1), (2, 1)))
    assert image.shape == (16, 16)
    assert (image == 0).mean() == 3 / 4


def test_subpixel():
    # k = r m, stride r, p = 0: conv with padding m - 1 and W[co r^2 + al r + be] = flip(w[:, co, al::r,
    # be::r]), shuffle
    for r, m in product((2, 3), (1, 2)):
        x, w = ramp(2, 2, 3, 4), ramp(2, 3, r * m, r * m)
        small = np.zeros((3 * r * r, 2, m, m), int)
        for co, al, be in product(range(3), range(r), range(r)):
            small[co * r * r + al * r + be] = rotate(w[:, co, al::r, be::r], axes=2)
        y = pixel_shuffle(conv(x, small, padding=m - 1), r)
        assert np.array_equal(y, conv_transpose(x, w, stride=r))
    # a kernel that is no multiple of r, filled up with zeros, gives the same and zeros behind it
    w = ramp(1, 1, 3)
    filled = np.pad(w, [(0, 0), (0, 0), (0, 1)])
    x = ramp(1, 1, 4)
    y = conv_transpose(x, filled, stride=2)
    assert np.array_equal(y[..., :-1], conv_transpose(x, w, stride=2))
    assert y[0, 0, -1] == 0


def test_resize_convolution():
    # nearest resize by r, then conv with k', is a transposed conv of stride r whose kernel is box(r) *
    # flip(w')
    for r, k in product((2, 3), (1, 2, 3)):
        x, w = ramp(1, 2, 4), ramp(3, 2, k)
        resized = conv(x.repeat(r, axis=2), w)
        kernel = np.zeros((2, 3, r + k - 1), int)
        for i, out in product(range(2), range(3)):
            kernel[i, out] = np.convolve(nearest(r, axes=1).astype(int), w[out, i][::-1])
        assert kernel.shape[2] == r + k - 1
        y = conv_transpose(x, kernel, stride=r, padding=k - 1)
        assert np.array_equal(y, resized)


def test_bilinear():
    # k = 2 f - f mod 2, s = f, p = ceil((f - 1) / 2), groups = C; repeat the border, crop f: exact
    # interpolation
    for f in (2, 3, 4, 5):
        kernel = bilinear(f)
        assert kernel.shape == (2 * f - f % 2,) * 2
        assert bilinear_padding(f) == ceil((f - 1) / 2)
        image = ramp(1, 2, 3, 4) ** 2 % 17
        repeated = np.pad(image, [(0, 0), (0, 0), (1, 1), (1, 1)], mode="edge")
        y = conv_transpose(repeated, depthwise(kernel, 2), stride=f, padding=bilinear_padding(f), groups=2)
        line = [np.clip((np.arange(n * f) + 0.5) / f - 0.5, 0, n - 1) for n in (3, 4)]
        for channel in range(2):
            rows = [np.interp(line[1], range(4), row) for row in image[0, channel]]
            wanted = np.array([np.interp(line[0], range(3), column) for column in np.transpose(rows)]).T
            assert np.allclose(y[0, channel, f:-f, f:-f], wanted)
    assert np.allclose(bilinear(3, axes=1), [1 / 3, 2 / 3, 1, 2 / 3, 1 / 3])


@pytest.mark.parametrize("i", range(1, 9))
def test_doubling(i):
    assert conv_transpose_output_size(i, 4, 2, 1) == 2 * i
    assert set(phase_overlap(4, 2)) == {2}
    assert conv_transpose_output_size(i, 3, 2, 1, 1) == 2 * i
    assert set(phase_overlap(3, 2)) == {1, 2}


# --- test vectors ---


def test_vectors_of_the_small_example():
    w, y = ramp(1, 1, 3, 3), ramp(1, 1, 2, 2)
    right = [[1, 4, 7, 6], [7, 23, 33, 24], [19, 53, 63, 42], [21, 52, 59, 36]]
    assert conv_transpose(y, w)[0, 0].tolist() == right
    padded = np.pad(y, [(0, 0), (0, 0), (2, 2), (2, 2)])
    assert conv(padded, rotate(w, axes=2))[0, 0].tolist() == right
    forgotten = [[9, 26, 23, 14], [33, 77, 67, 36], [21, 47, 37, 18], [9, 18, 11, 4]]
    assert conv(padded, w)[0, 0].tolist() == forgotten


def test_vectors_of_the_matrix_example():
    x, matrix = np.arange(16), conv_matrix(ramp(3, 3), (4, 4))
    y = matrix @ x
    assert y.tolist() == [303, 348, 483, 528]
    assert (matrix.T @ y).reshape(4, 4).tolist() == [
        [303, 954, 1605, 1044],
        [1695, 4401, 6063, 3672],
        [4053, 9387, 11049, 6300],
        [3381, 7560, 8571, 4752],
    ]
    assert np.linalg.matrix_rank(matrix.T @ matrix) == 4
    assert (matrix @ matrix.T).tolist() == [
        [285, 186, 154, 94],
        [186, 285, 106, 154],
        [154, 106, 285, 186],
        [94, 154, 186, 285],
    ]
    inverse = matrix.T @ np.linalg.inv(matrix @ matrix.T)
    assert np.allclose(inverse, np.linalg.pinv(matrix))
    assert np.allclose(matrix @ (inverse @ y), y)
    assert not np.allclose(inverse @ y, x)


def test_vectors_of_output_padding():
    x, w = np.ones((1, 1, 3), int), ramp(1, 1, 3)

    def line(**settings):
        return conv_transpose(x, w, stride=2, **settings)[0, 0].tolist()

    assert line() == [1, 2, 4, 2, 4, 2, 3]
    assert line(padding=1) == [2, 4, 2, 4, 2]
    assert line(padding=1, output_padding=1) == [2, 4, 2, 4, 2, 3]  # a real sum
    assert line(output_padding=1) == [1, 2, 4, 2, 4, 2, 3, 0]  # bias only
    assert line(padding=((0, 1),)) == [1, 2, 4, 2, 4, 2]  # SAME of TensorFlow, Keras and JAX
