"""Decodes, resizes and preprocesses small pictures with TensorFlow and Keras. Called by scripts/record-pictures."""
import io
from pathlib import Path

import numpy as np
import tensorflow as tf
from PIL import Image
from tensorflow import keras

TESTS = Path(__file__).resolve().parent.parent / "tests"
DECODED, PREPARED = TESTS / "TfRunner.Pictures.Tests/Recorded", TESTS / "TfRunner.Data.Tests/Recorded"
SIZES = [(1, 1), (2, 3), (5, 4), (8, 16), (17, 33), (41, 50)]
WAYS = {
    "444": dict(subsampling=0), "422": dict(subsampling=1), "420": dict(subsampling=2),
    "420_progressive": dict(subsampling=2, progressive=True), "444_progressive": dict(subsampling=0, progressive=True),
    "422_restarts": dict(subsampling=1, restart_marker_blocks=2), "420_progressive_restarts": dict(subsampling=2, progressive=True, restart_marker_blocks=3),
    "420_fine": dict(subsampling=2, quality=100), "420_coarse": dict(subsampling=2, quality=5, optimize=True), "rgb": dict(keep_rgb=True),
}
MODULES = [
    "convnext", "densenet", "efficientnet", "efficientnet_v2", "inception_resnet_v2", "inception_v3", "mobilenet", "mobilenet_v2",
    "mobilenet_v3", "nasnet", "resnet", "resnet50", "resnet_v2", "vgg16", "vgg19", "xception",
]


def main():
    np.savez_compressed(DECODED / "jpeg.npz", **jpeg_files())
    np.savez_compressed(DECODED / "jpeg-inks.npz", **jpeg_inks())
    np.savez_compressed(DECODED / "jpeg-repeated.npz", **jpeg_repeated())
    np.savez_compressed(DECODED / "jpeg-damaged.npz", **jpeg_damaged())
    np.savez_compressed(PREPARED / "resized.npz", **resized())
    np.savez_compressed(PREPARED / "preprocessed.npz", **preprocessed())


def jpeg_files():
    """FILE and FILE.samples, for every way of coding and size."""
    files = {}
    for height, width in SIZES:
        for name, options in WAYS.items():
            add_jpeg(files, f"{name}_{height}x{width}", Image.fromarray(picture(height, width, 3)), options)
        for name, options in {"grey": {}, "grey_progressive": dict(progressive=True)}.items():
            add_jpeg(files, f"{name}_{height}x{width}", Image.fromarray(picture(height, width, 1)[:, :, 0]), options)
    return files


def jpeg_inks():
    """The same for four inks: as Adobe's programs write them, with colours as luma and chroma, and without their marker."""
    files = {}
    for height, width in [(2, 3), (17, 33), (41, 50)]:
        for name, options in {"cmyk": {}, "cmyk_progressive": dict(progressive=True), "cmyk_restarts": dict(restart_marker_blocks=1)}.items():
            file = encoded(Image.fromarray(picture(height, width, 4), "CMYK"), options)
            marker = file.index(b"\xff\xee")
            transform, end = file.index(b"Adobe") + 11, marker + 2 + int.from_bytes(file[marker + 2:marker + 4], "big")
            add_file(files, f"{name}_{height}x{width}", file)
            add_file(files, f"{name}_luma_{height}x{width}", file[:transform] + b"\x02" + file[transform + 1:])
            add_file(files, f"{name}_plain_{height}x{width}", file[:marker] + file[end:])
    return files


def jpeg_repeated():
    """The same without fancy upscaling."""
    files = {}
    for height, width in SIZES:
        for name in ["444", "422", "420", "420_progressive", "rgb"]:
            file = encoded(Image.fromarray(picture(height, width, 3)), WAYS[name])
            add_file(files, f"{name}_{height}x{width}", file, fancy_upscaling=False)
    return files


def jpeg_damaged():
    """The same for files that TensorFlow decodes although bytes of their data are wrong, or bytes stand before a marker."""
    files = {}
    for name in ["444", "422", "420", "422_restarts", "420_fine", "420_coarse", "rgb"]:
        file = encoded(Image.fromarray(picture(41, 50, 3)), WAYS[name])
        scan = file.index(b"\xff\xda") + 14
        random = np.random.default_rng(len(file))
        add_file(files, f"{name}_junk", file[:-2] + b"\x00\x11" + file[-2:])
        for hit in range(6):
            damaged = bytearray(file)
            for _ in range(hit // 2 + 1):
                damaged[random.integers(scan, len(file) - 2)] = random.integers(0, 255)
            try:
                add_file(files, f"{name}_hit{hit}", bytes(damaged))
            except tf.errors.InvalidArgumentError:
                del files[f"{name}_hit{hit}"]
    return files


def add_jpeg(files, name, image, options):
    add_file(files, name, encoded(image, options))


def add_file(files, name, file, **attributes):
    files[name] = np.frombuffer(file, np.uint8)
    files[f"{name}.samples"] = tf.io.decode_jpeg(file, **attributes).numpy()


def encoded(image, options):
    coded = io.BytesIO()
    image.save(coded, "JPEG", **({"quality": 80} | options))
    return coded.getvalue()


def resized():
    """HEIGHTxWIDTHxCHANNELS, and the same with .METHOD.HEIGHTxWIDTH for every method and target size."""
    made = {}
    for height, width, channels in [(1, 1, 3), (1, 7, 3), (9, 5, 3), (16, 16, 1), (37, 23, 3), (60, 81, 3)]:
        source = picture(height, width, channels)
        name = f"{height}x{width}x{channels}"
        made[name] = source
        for to in [(1, 1), (3, 8), (20, 20), (33, 47)]:
            methods = {
                "bilinear": tf.image.resize(source, to),
                "bilinear-antialias": tf.image.resize(source, to, antialias=True),
                "nearest": tf.image.resize(source, to, method="nearest"),
                "crop-to-aspect": keras.preprocessing.image.smart_resize(source.astype(np.float32), to),
            }
            if min(round_down(height, width, to)) > 0:  # TensorFlow pads nothing to a size of zero.
                methods["pad"] = tf.image.resize_with_pad(source, *to)
            made |= {f"{name}.{method}.{to[0]}x{to[1]}": np.asarray(values, np.float32) for method, values in methods.items()}
    return made


def round_down(height, width, to):
    ratio = max(np.float32(width) / np.float32(to[1]), np.float32(height) / np.float32(to[0]))
    return int(height / ratio), int(width / ratio)


def preprocessed():
    """source, and what each module of keras.applications makes of it."""
    source = picture(6, 5, 3).astype(np.float32)
    return {"source": source.astype(np.uint8)} | {name: getattr(keras.applications, name).preprocess_input(source.copy()) for name in MODULES}


def picture(height, width, channels):
    """Waves with grain, the same for the same size."""
    grain = np.random.default_rng(height * 1000 + width).integers(-40, 40, (height, width, channels))
    y, x, c = np.mgrid[:height, :width, :channels]
    return np.clip(128 + 90 * np.sin(x / 5 + c) * np.cos(y / 7 - c) + grain, 0, 255).astype(np.uint8)


if __name__ == "__main__":
    main()
