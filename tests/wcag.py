"""Contrast of two colours as the Web Content Accessibility Guidelines 2 define it."""


def channels(colour):
    """Red, green and blue from 0 to 1, of "#rrggbb"."""
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def luminance(rgb):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    """From 1 to 21, of two colours as text or as channels; text needs 4.5, what is drawn 3."""
    both = (channels(colour) if isinstance(colour, str) else colour for colour in (first, second))
    dark, light = sorted(map(luminance, both))
    return (light + 0.05) / (dark + 0.05)
