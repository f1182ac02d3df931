"""The photographs are what the chapters say, and the chequered pattern is measured as a spectrum measures it."""

import numpy as np
import pytest

from lib.images import phase_means, photographs, stride_energy


def test_photographs_are_grey_images_of_their_whole_range():
    images = photographs()
    assert len(images) == 6
    for name, image in images.items():
        assert image.shape == (128, 128) and 0 <= image.min() < image.max() <= 1, name
        assert image.std() > 0.1, name  # a picture, not a plain sheet


def test_phase_means_by_hand():
    image = np.arange(24).reshape(4, 6)
    # rows 0 and 2, columns 1 and 4: 1, 4, 13, 16
    assert phase_means(image, (2, 3))[0, 1] == (1 + 4 + 13 + 16) / 4
    assert phase_means(image, (2, 3)).shape == (2, 3)


@pytest.mark.parametrize("stride", [(2, 2), (4, 3), (1, 5), (2, 6)])
def test_stride_energy_is_that_of_the_spectrum(stride):
    image = np.random.default_rng(0).standard_normal((24, 30))
    power = np.abs(np.fft.fft2(image) / image.size) ** 2
    at_stride = power[:: 24 // stride[0], :: 30 // stride[1]]
    assert np.isclose(stride_energy(image, stride), at_stride.sum() - power[0, 0], rtol=1e-12)


def test_a_photograph_has_next_to_no_energy_at_a_stride_and_uneven_stamps_have():
    for image in photographs().values():
        assert stride_energy(image, 2) < 1e-3 * image.var()  # less than a thousandth
        pattern = image * np.tile([[1.0, 0.5], [0.5, 0.25]], (64, 64))
        assert stride_energy(pattern, 2) > 1e-2 * image.var()


def test_refusals():
    with pytest.raises(ValueError, match=r"image must hold every phase of the stride, got image \(3,\), stride \(4,\)"):
        phase_means(np.zeros(3), 4)
    with pytest.raises(ValueError, match="stride must be at least 1 on every axis, got 0"):
        stride_energy(np.zeros(3), 0)
