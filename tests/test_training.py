"""Gradients of every layer against differences, the way back against the dot-product test, Adam by hand."""

import io

import numpy as np
import pytest

from lib import conv, conv_transpose
from lib.gradients import dot_product_test, numerical_gradient
from lib.images import photographs
from lib.kernels import bilinear, nearest
from lib.routes import pixel_shuffle
from lib.training import (
    Adam,
    Conv,
    ConvTranspose,
    FixedKernel,
    Network,
    PixelShuffle,
    Progress,
    Relu,
    mean_squared_error,
    psnr,
    random_patches,
    random_weight,
    shrink,
    train,
)

RNG = np.random.default_rng(7)
# Each with other numbers of channels in and out, and a setting of its own on each axis.
LAYERS = {
    "conv": lambda: Conv(whole(6, 2, 3, 2), stride=(2, 1), padding=(1, (0, 2)), groups=2),
    "conv_transpose": lambda: ConvTranspose(
        whole(4, 3, 3, 2), stride=(2, 3), padding=1, output_padding=(1, 0), groups=2
    ),
    "pixel_shuffle": lambda: PixelShuffle((2, 1)),
    "fixed_kernel": lambda: FixedKernel(np.array([[1, 2, 3], [5, 7, 9]]), stride=(2, 3), padding=(1, 0)),
}
layers = pytest.mark.parametrize("name", LAYERS)


def whole(*shape):
    return RNG.integers(-9, 10, shape)


@layers
def test_the_way_back_is_the_adjoint_of_the_way_there(name):
    layer, x = LAYERS[name](), whole(2, 4, 3, 5)
    grad = whole(*layer.forward(x).shape)
    found = dot_product_test(layer.forward, layer.backward, x, grad)
    assert found.forward == found.adjoint != 0  # the biases are zero: these layers are linear


@pytest.mark.parametrize("name", ["conv", "conv_transpose"])
def test_gradients_of_weight_and_bias(name):
    layer, x = LAYERS[name](), whole(2, 4, 3, 5)
    grad = whole(*layer.forward(x).shape)
    layer.backward(grad)
    assert [g.shape for g in layer.gradients] == [p.shape for p in layer.parameters]
    assert layer.parameters[1].tolist() == [0] * 6
    for number, gradient in enumerate(layer.gradients):

        def product(changed, number=number):
            layer.parameters[number] = changed
            return (layer.forward(x) * grad).sum()

        kept = layer.parameters[number]
        assert np.array_equal(numerical_gradient(product, kept, step=1), gradient)
        layer.parameters[number] = kept


def test_layers_are_the_operators():
    x, w = whole(2, 4, 3, 5), whole(4, 3, 2, 3)
    assert np.array_equal(ConvTranspose(w, stride=2).forward(x), conv_transpose(x, w, stride=2))
    assert np.array_equal(Conv(w.swapaxes(0, 1), padding=2).forward(x), conv(x, w.swapaxes(0, 1), padding=2))
    assert np.array_equal(PixelShuffle(2).forward(x), pixel_shuffle(x, 2))
    repeated = x.repeat(2, axis=2).repeat(3, axis=3)
    assert np.array_equal(FixedKernel(nearest((2, 3)), stride=(2, 3)).forward(x), repeated)
    middle = FixedKernel(bilinear(2), stride=2, padding=1).forward(x)[0, 0, 3:5, 3:5]
    corners = x[0, 0, 1:3, 1:3]  # the four cells around it
    share = np.array([[0.75, 0.25], [0.25, 0.75]])
    assert np.array_equal(middle, share @ corners @ share)


def test_a_layer_has_its_own_copy_of_the_weight():
    w = np.ones((1, 1, 2))
    layer = Conv(w)
    layer.parameters[0] += 1
    assert w.tolist() == [[[1, 1]]]


def test_a_weight_of_whole_numbers_learns_too():
    layer = Conv(np.array([[[2]]]))
    losses = train(Network([layer]), [(np.ones((1, 1, 1)), np.zeros((1, 1, 1)))])
    # The first step of Adam is as long as the rate, 0.001 unless another is given, whatever the gradient.
    assert losses == [4] and np.allclose([p.item() for p in layer.parameters], [1.999, -0.001], rtol=1e-6)


def test_a_fixed_kernel_moves_by_one_and_crops_nothing_unless_told():
    assert FixedKernel([1, 2, 3]).forward(np.array([[[1, 10]]])).tolist() == [[[1, 12, 23, 30]]]


def test_relu():
    x, grad = np.array([-2.0, 0.0, 3.0, 0.25]), np.array([5.0, 7.0, 11.0, 13.0])
    layer = Relu()
    assert layer.forward(x).tolist() == [0, 0, 3, 0.25] and layer.backward(grad).tolist() == [0, 0, 11, 13]


def fractions(*shape):
    """Numbers of which no sum is exactly zero, where a ReLU has no slope."""
    return RNG.normal(size=shape)


def a_network():
    layers = [
        Conv(fractions(3, 2, 3, 3), padding=1),
        Relu(),
        ConvTranspose(fractions(3, 4, 4, 4), stride=2, padding=1),
        Relu(),
        FixedKernel(nearest(2), stride=2),
        Conv(fractions(4, 4, 2, 2), stride=2),
        PixelShuffle(2),
    ]
    return Network(layers)


def test_gradients_of_a_whole_network():
    network, x = a_network(), fractions(2, 2, 3, 2)
    for parameter in network.parameters:
        parameter += fractions(*parameter.shape) / 9  # biases too
    target = whole(*network.forward(x).shape)
    _, grad = mean_squared_error(network.forward(x), target)
    gradients = [network.backward(grad), *network.gradients]
    assert len(network.parameters) == len(network.gradients) == 6
    for array, gradient in zip([x, *network.parameters], gradients):

        def loss(changed, array=array):
            kept = array.copy()
            array[...] = changed
            found, _ = mean_squared_error(network.forward(x), target)
            array[...] = kept
            return found

        assert np.allclose(numerical_gradient(loss, array), gradient, rtol=1e-6, atol=1e-6)
        assert np.abs(gradient).max() > 0.01


def test_loss_and_its_gradient():
    output, target = whole(2, 3), whole(2, 3)
    loss, grad = mean_squared_error(output, target)
    assert loss == sum((a - b) ** 2 for a, b in zip(output.ravel(), target.ravel())) / 6
    found = numerical_gradient(lambda array: mean_squared_error(array, target)[0], output, step=1)
    assert np.allclose(found, grad, rtol=1e-12)


def test_adam_against_its_algorithm_number_by_number():
    parameter, gradients = np.array([1.0, -2.0]), [[3.0, -0.5], [-1.0, 4.0], [0.25, 0.0]]
    adam = Adam([parameter], rate=0.1, decay=(0.8, 0.9))
    wanted, m, v = [1.0, -2.0], [0.0, 0.0], [0.0, 0.0]
    for t, gradient in enumerate(gradients, start=1):
        adam.step([np.array(gradient)])
        for i, g in enumerate(gradient):
            m[i] = 0.8 * m[i] + 0.2 * g
            v[i] = 0.9 * v[i] + 0.1 * g * g
            wanted[i] -= 0.1 * (m[i] / (1 - 0.8**t)) / ((v[i] / (1 - 0.9**t)) ** 0.5 + 1e-8)
        assert np.allclose(parameter, wanted, rtol=1e-12)


def test_adam_makes_less_of_a_gradient_as_small_as_its_epsilon():
    parameter = np.array([0.0, 0.0, 0.0])
    Adam([parameter]).step([np.array([1e-8, -3e-8, 1])])
    assert np.allclose(parameter, [-0.001 / 2, 0.001 * 3 / 4, -0.001], rtol=1e-6)


def test_training_learns_a_kernel_that_is_known():
    true, rng = np.array([[[1.0, -2.0, 0.5]]]), np.random.default_rng(0)
    inputs = rng.normal(size=(400, 4, 1, 9))
    batches = [(x, conv_transpose(x, true, np.array([0.25]), stride=2)) for x in inputs]
    network = Network([ConvTranspose(np.zeros((1, 1, 3)), stride=2)])
    losses = train(network, batches, rate=0.05)
    assert len(losses) == 400 and losses[0] > 0.5 and losses[-1] < 1e-4
    weight, bias = network.parameters
    assert np.allclose(weight, true, atol=0.01) and np.allclose(bias, 0.25, atol=0.01)


def test_the_rate_falls_in_a_straight_line(monkeypatch):
    rates = []
    monkeypatch.setattr(Adam, "step", lambda adam, gradients: rates.append(adam.rate))
    train(Network([Conv(np.ones((1, 1, 1)))]), [(np.ones((1, 1, 1)), np.zeros((1, 1, 1)))] * 4, rate=0.8)
    assert np.allclose(rates, [0.8, 0.6, 0.4, 0.2])


def test_training_repeats_to_the_last_digit():
    def losses():
        rng = np.random.default_rng(3)
        images = np.stack(list(photographs().values()))
        patches = [random_patches(images, 8, 2, rng) for _ in range(5)]
        network = Network([ConvTranspose(random_weight(rng, (1, 1, 4, 4), 4), stride=2, padding=1)])
        return train(network, [(shrink(patch, 2), patch) for patch in patches])

    assert losses() == losses()


def test_random_weights_keep_the_scale():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, 50, 40))
    for stride in (1, 2, 4):
        weight = random_weight(rng, (50, 60, 8), terms=50 * 8 / stride)
        output = conv_transpose(x, weight, stride=stride, padding=8)
        assert 1.8 < output.var() < 2.2  # and a ReLU halves its mean square


def test_patches_are_cut_from_every_place():
    images = np.arange(2 * 3 * 4).reshape(2, 3, 4)
    patches = random_patches(images, 2, 200, np.random.default_rng(0))
    assert patches.shape == (200, 1, 2, 2)
    cut = {(k, i, j): images[k, i : i + 2, j : j + 2] for k in range(2) for i in range(2) for j in range(3)}
    assert {patch[0].tobytes() for patch in patches} == {window.tobytes() for window in cut.values()}


def test_a_patch_may_be_as_large_as_the_image():
    image = np.arange(9).reshape(1, 3, 3)
    assert np.array_equal(random_patches(image, 3, 2, np.random.default_rng(0)), [image, image])


def test_shrink_by_hand():
    image = np.arange(24.0).reshape(1, 1, 4, 6)
    assert shrink(image, 2)[0, 0].tolist() == [[3.5, 5.5, 7.5], [15.5, 17.5, 19.5]]


def test_psnr():
    truth = whole(3, 4) / 10
    assert np.isclose(psnr(truth + np.array([[0.1, -0.1, 0.1, -0.1]]), truth), 20)
    assert psnr(truth, truth) == float("inf")


def test_progress(capsys):
    bar = Progress("abcdefg", "label", marks=3)
    assert len(bar) == 7 and "".join(bar) == "abcdefg"
    assert capsys.readouterr().out == f"{'label':16} ===\n"
    list(Progress("ab", "label"))
    assert capsys.readouterr().out == f"{'label':16} {'=' * 16}\n"
    grown = [capsys.readouterr().out.count("=") for _ in bar]
    assert grown == [0, 0, 0, 1, 0, 1, 0]  # a mark after each third part of the seven: 2.33, 4.67 and 7 items


def test_progress_is_seen_at_once(monkeypatch):
    """On a stream that keeps what it is given until it is asked to pass it on."""
    seen = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(seen))
    assert [seen.getvalue().decode() for _ in Progress("abc", "label", marks=3)] == [
        f"{'label':16} " + "=" * done for done in range(3)
    ]


def test_refusals():
    with pytest.raises(ValueError, match=r"target must have the shape of output, \(2, 1\), got \(2,\)"):
        mean_squared_error(np.zeros((2, 1)), np.zeros(2))
    with pytest.raises(ValueError, match=r"target must have the shape of output, \(3,\), got \(1,\)"):
        psnr(np.zeros(3), np.zeros(1))
    with pytest.raises(ValueError, match=r"none smaller than 5, got \(1, 9, 4\)"):
        random_patches(np.zeros((1, 9, 4)), 5, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"none smaller than 5, got \(1, 4, 9\)"):
        random_patches(np.zeros((1, 4, 9)), 5, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"gradients must have .* \[\(2,\)\], got \[\(1,\)\]"):
        Adam([np.zeros(2)]).step([np.zeros(1)])
    with pytest.raises(ValueError, match="weight"):
        Conv(np.ones((3, 2, 3))).forward(np.ones((1, 1, 9)))
