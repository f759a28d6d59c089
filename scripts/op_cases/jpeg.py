"""What decode_jpeg may be asked for, to the last bit."""
import io

import numpy as np
import tensorflow as tf
from PIL import Image

from .recorder import U8

EXACT = dict(rtol=0.0, atol=0.5)


def record(f):
    def case(name, file, op=tf.io.decode_jpeg, **attributes):
        f.case(name, lambda x: tf.cast(op(x, **attributes), tf.float32), np.array(file), **EXACT)

    colours, inks = waves(f, 3), waves(f, 4)
    usual, inked = encoded(Image.fromarray(colours), subsampling=2), encoded(Image.fromarray(inks, "CMYK"))
    for name, options in {"444": dict(subsampling=0), "422": dict(subsampling=1), "progressive": dict(progressive=True), "restarts": dict(restart_marker_blocks=2), "rgb": dict(keep_rgb=True)}.items():
        case(f"DecodeJpeg/{name}", encoded(Image.fromarray(colours), **options))
    case("DecodeJpeg/420", usual)
    case("DecodeJpeg/turned", exif(usual))
    case("DecodeJpeg/repeated", usual, fancy_upscaling=False)
    case("DecodeJpeg/accurate_420", usual, dct_method="INTEGER_ACCURATE")
    case("DecodeJpeg/luma", usual, channels=1)
    case("DecodeJpeg/rgb_to_grey", encoded(Image.fromarray(colours), keep_rgb=True), channels=1)
    case("DecodeJpeg/inks", inked)
    case("DecodeJpeg/inks_plain", without_adobe(inked), channels=3)
    case("DecodeJpeg/recovered_whole", usual, try_recover_truncated=True)
    case("DecodeJpeg/junk_before_the_end", usual[:-2] + b"\x00\x11" + usual[-2:])
    case("DecodeImage/jpeg", usual, lambda x: tf.io.decode_image(x, expand_animations=False))
    case("DecodeAndCropJpeg/420", usual, lambda x: tf.io.decode_and_crop_jpeg(x, [5, 7, 21, 30]))
    for ratio in (2, 4, 8):
        case(f"DecodeJpeg/ratio_{ratio}", usual, ratio=ratio)
        case(f"DecodeJpeg/ratio_{ratio}_422", encoded(Image.fromarray(colours), subsampling=1), ratio=ratio)
        case(f"DecodeJpeg/ratio_{ratio}_444_progressive", encoded(Image.fromarray(colours), subsampling=0, progressive=True), ratio=ratio)
        case(f"DecodeJpeg/ratio_{ratio}_inks", inked, ratio=ratio)
    f.case("ExtractJpegShape/inks", lambda x: tf.io.extract_jpeg_shape(x), np.array(inked))
    f.case("ExtractJpegShape/grey", lambda x: tf.io.extract_jpeg_shape(x), np.array(encoded(Image.fromarray(colours[..., 0]))))


def waves(f, channels):
    y, x, c = np.mgrid[:41, :50, :channels]
    return np.clip(128 + 90 * np.sin(x / 5 + c) * np.cos(y / 7 - c) + f.rng.integers(-40, 40, (41, 50, channels)), 0, 255).astype(U8)


def encoded(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **({"quality": 80} | options))
    return out.getvalue()


def without_adobe(file):
    marker = file.index(b"\xff\xee")
    return file[:marker] + file[marker + 2 + int.from_bytes(file[marker + 2:marker + 4], "big"):]


def exif(file):
    """With an orientation that the op does not heed."""
    body = b"Exif\0\0II*\0" + bytes([8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0])
    return file[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + file[2:]
