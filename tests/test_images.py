"""The photographs are what the chapters say; the chequered pattern is measured as a spectrum measures it."""

import numpy as np
import pytest

from lib.images import phase_means, photographs, show, stride_energy


def test_photographs_are_grey_images_of_their_whole_range():
    images = photographs()
    assert len(images) == 6
    for name, image in images.items():
        assert image.shape == (128, 128) and 0 <= image.min() < image.max() <= 1, name
        assert image.std() > 0.1, name  # a picture, not a plain sheet
        assert np.array_equal(image * 255, np.rint(image * 255)), name


def test_phase_means_by_hand():
    image = np.arange(24).reshape(4, 6)
    # rows 0 and 2, columns 1 and 4: 1, 4, 13, 16
    assert phase_means(image, (2, 3))[0, 1] == (1 + 4 + 13 + 16) / 4
    assert phase_means(image, (2, 3)).shape == (2, 3)
    assert phase_means([3, 7], 2).tolist() == [3, 7]  # one cell a phase is enough


def test_few_bits_in_are_added_up_in_many():
    image = np.array([1000.5, 3, 1000, 5, 1001, 9], np.float16)
    assert phase_means(image, 2).tolist() == [3001.5 / 3, 17 / 3]


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


def test_pictures_are_drawn_cell_by_cell():
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    chequered = np.indices((30, 40)).sum(axis=0) % 2
    show({"first": chequered, "second": 1 - chequered, "third": chequered / 2}, columns=2)
    figure = plt.gcf()
    figure.canvas.draw()
    drawn = np.asarray(figure.canvas.buffer_rgba())[..., 0]
    scale = 510 // (2 * 40)
    assert [axes.get_title() for axes in figure.axes] == ["first", "second", "third"]
    for axes, wanted in zip(figure.axes, (chequered * 255, 255 - chequered * 255, chequered * 127)):
        left, bottom, right, top = np.rint(axes.get_window_extent().extents).astype(int)
        assert (right - left, top - bottom) == (40 * scale, 30 * scale)
        picture = drawn[drawn.shape[0] - top : drawn.shape[0] - bottom, left:right]
        middles = picture[scale // 2 :: scale, scale // 2 :: scale]
        assert np.abs(middles.astype(int) - wanted).max() <= 1
    plt.close(figure)


@pytest.fixture
def shown():
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")

    def show_and_draw(pictures, **how):
        show(pictures, **how)
        figure = plt.gcf()
        figure.canvas.draw()
        return figure

    show_and_draw.rc = plt.rc_context
    yield show_and_draw
    plt.close("all")


def test_pictures_stand_in_reading_order_and_apart(shown):
    pictures = {str(n): np.full((30, 40), n / 7) for n in range(7)}
    figure = shown(pictures, columns=3)
    width, height = figure.canvas.get_width_height()
    boxes = [axes.get_window_extent() for axes in figure.axes]
    names = [axes.title.get_window_extent() for axes in figure.axes]
    for number, (box, name) in enumerate(zip(boxes, names)):
        row, column = divmod(number, 3)
        assert round(box.x0) == column * (160 + 10)
        assert round(height - box.y1) == row * (120 + 10 + 30) + 10 + 30
        assert box.y1 < name.y0 and name.y1 <= (height if row == 0 else boxes[number - 3].y0)
    assert (width, height) == (3 * (160 + 10), 3 * (120 + 10 + 30))


def test_stretched_pictures_reach_from_black_to_white(shown):
    ramp = np.linspace(0.4, 0.6, 5 * 4).reshape(5, 4)
    for stretch, limits in ((True, (0, 255)), (False, (102, 153))):
        figure = shown({"ramp": ramp}, columns=1, stretch=stretch)
        drawn = np.asarray(figure.canvas.buffer_rgba())[..., 0]
        box = figure.axes[0].get_window_extent()
        picture = drawn[drawn.shape[0] - round(box.y1) : drawn.shape[0] - round(box.y0), : round(box.x1)]
        assert (picture.min(), picture.max()) == limits


@pytest.mark.parametrize("columns, width, scale", [(1, 600, 1), (1, 73, 6), (2, 51, 5), (3, 40, 4)])
def test_cells_are_as_large_as_the_page_allows_and_one_pixel_at_least(shown, columns, width, scale):
    """A row has 510 pixels, without what lies between: 7 * 73 would be 511."""
    figure = shown({"wide": np.ones((2, width))}, columns=columns)
    assert np.isclose(figure.axes[0].get_window_extent().width, width * scale)


def test_three_stand_in_a_row_unless_another_number_is_given(shown):
    figure = shown({str(n): np.eye(10) for n in range(4)})
    left = [round(axes.get_window_extent().x0) for axes in figure.axes]
    assert left[0] == left[3] < left[1] < left[2]


def test_whatever_holds_numbers_is_drawn(shown):
    chequered = np.indices((4, 6)).sum(axis=0) % 2
    drawn = np.asarray(shown({"": chequered.astype(float)}).canvas.buffer_rgba())
    for picture in (chequered.tolist(), chequered == 1, chequered.astype(np.float16)):
        assert np.array_equal(np.asarray(shown({"": picture}).canvas.buffer_rgba()), drawn)


def test_a_reader_s_own_style_of_plots_changes_nothing(shown):
    pictures = {"one": np.arange(6).reshape(2, 3) / 5, "two": np.eye(2, 3)}
    drawn = np.asarray(shown(pictures).canvas.buffer_rgba())
    style = {
        "figure.autolayout": True,
        "image.interpolation": "bilinear",
        "axes.titlesize": 40,
        "font.size": 20,
    }
    with shown.rc(style):
        assert np.array_equal(np.asarray(shown(pictures).canvas.buffer_rgba()), drawn)


def test_refusals():
    with pytest.raises(ValueError, match=r"pictures must have the same two axes, got \[\]"):
        show({})
    with pytest.raises(ValueError, match=r"pictures must have the same two axes, got \[\(2, 2\), \(2, 3\)\]"):
        show({"one": np.zeros((2, 2)), "other": np.zeros((2, 3))})
    with pytest.raises(ValueError, match=r"hold every phase of the stride, got image \(3,\), stride \(4,\)"):
        phase_means(np.zeros(3), 4)
    with pytest.raises(ValueError, match="stride must be at least 1 on every axis, got 0"):
        stride_energy(np.zeros(3), 0)
    with pytest.raises(ValueError, match="^columns must be at least 1 on every axis, got 0"):
        show({"one": np.zeros((2, 2))}, columns=0)
