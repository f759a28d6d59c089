"""Convolution, pooling, resizing, cropping and normalisation."""
import numpy as np
import tensorflow as tf

from .recorder import BF16, F16, F32, F64, I32, I64, U8

raw = tf.raw_ops


def record(f):
    convolutions(f)
    pools(f)
    resizes(f)
    norms(f)
    colours(f)
    quantised(f)


def convolutions(f):
    k = lambda *s: tf.constant(f.rng.random(s).astype(F32) - 0.5)
    image = f.data(F32, 2, 7, 6, 3)
    for padding in ("SAME", "VALID"):
        for stride in (1, 2, 3):
            f.case(f"Conv2D/{padding.lower()}_stride{stride}", lambda x, p=padding, s=stride: tf.nn.conv2d(x, k(3, 3, 3, 4), s, p), image, spec="both" if stride < 3 else "static")
        f.case(f"Conv2D/{padding.lower()}_even_kernel", lambda x, p=padding: tf.nn.conv2d(x, k(2, 4, 3, 4), 1, p), image)
        f.case(f"Conv2D/{padding.lower()}_dilated", lambda x, p=padding: tf.nn.conv2d(x, k(3, 3, 3, 4), 1, p, dilations=2), image)
        f.case(f"Conv2D/{padding.lower()}_uneven_strides", lambda x, p=padding: tf.nn.conv2d(x, k(3, 2, 3, 2), [1, 2, 3, 1], p), image, shapes=[[None, None, None, 3]])
        f.case(f"DepthwiseConv2dNative/{padding.lower()}", lambda x, p=padding: tf.nn.depthwise_conv2d(x, k(3, 3, 3, 1), [1, 1, 1, 1], p), image, shapes=[[None, None, None, 3]])
        f.case(f"DepthwiseConv2dNative/{padding.lower()}_multiplier", lambda x, p=padding: tf.nn.depthwise_conv2d(x, k(3, 3, 3, 2), [1, 2, 2, 1], p), image)
        f.case(f"DepthwiseConv2dNative/{padding.lower()}_dilated", lambda x, p=padding: tf.nn.depthwise_conv2d(x, k(3, 3, 3, 1), [1, 1, 1, 1], p, dilations=[2, 2]), image)
        f.case(f"Conv1D/{padding.lower()}", lambda x, p=padding: tf.nn.conv1d(x, k(3, 3, 4), 2, p), f.data(F32, 2, 9, 3), spec="batch")
        f.case(f"Conv3D/{padding.lower()}", lambda x, p=padding: tf.nn.conv3d(x, k(3, 2, 3, 2, 3), [1, 2, 1, 2, 1], p), f.data(F32, 1, 5, 4, 6, 2), spec="batch")
        f.case(f"Dilation2D/{padding.lower()}", lambda x, p=padding: raw.Dilation2D(input=x, filter=k(3, 2, 3), strides=[1, 2, 1, 1], rates=[1, 1, 2, 1], padding=p), image)
        f.case(f"Erosion2D/{padding.lower()}", lambda x, p=padding: tf.nn.erosion2d(x, k(2, 2, 3), [1, 1, 1, 1], p, "NHWC", [1, 1, 1, 1]), image)
    f.case("Conv2D/explicit", lambda x: tf.nn.conv2d(x, k(3, 3, 3, 4), 2, [[0, 0], [0, 1], [2, 1], [0, 0]]), image, spec="batch")
    f.case("Conv2D/pointwise", lambda x: tf.nn.conv2d(x, k(1, 1, 3, 5), 1, "VALID"), image, shapes=[[None, None, None, 3]])
    f.case("Conv2D/grouped", lambda x: tf.nn.conv2d(x, k(3, 3, 2, 6), 1, "SAME"), f.data(F32, 1, 5, 5, 6))
    f.case("Conv2D/dynamic_filter", lambda x, w: tf.nn.conv2d(x, w, 1, "SAME"), image, f.data(F32, 3, 3, 3, 2))
    f.case("Conv2D/large_stride_small_kernel", lambda x: tf.nn.conv2d(x, k(1, 1, 3, 2), 2, "SAME"), image, shapes=[[None, None, None, 3]])
    f.case("Conv2D/empty_batch", lambda x: tf.nn.conv2d(x, k(3, 3, 3, 2), 1, "SAME"), np.zeros((0, 5, 5, 3), F32), spec="batch")
    for dtype in (F16, BF16, F64):
        f.case(f"Conv2D/{np.dtype(dtype).name}", lambda x, d=dtype: tf.nn.conv2d(x, tf.cast(k(3, 3, 3, 2), x.dtype), 1, "SAME"), f.data(dtype, 1, 5, 5, 3), rtol=3e-2 if dtype is not F64 else 1e-3, atol=3e-2 if dtype is not F64 else 1e-5)
    f.case("Conv2D/bias_relu", lambda x: tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, k(3, 3, 3, 4), 1, "SAME"), k(4))), image, spec="batch")
    f.case("Conv2D/bias_relu6_pool", lambda x: tf.nn.max_pool2d(tf.nn.relu6(tf.nn.conv2d(x, k(3, 3, 3, 4), 1, "SAME") + k(4)), 2, 2, "VALID"), image, spec="batch")
    f.case("Conv2D/batch_norm_folded", lambda x: raw.FusedBatchNormV3(x=tf.nn.conv2d(x, k(3, 3, 3, 4), 1, "SAME"), scale=k(4) + 1, offset=k(4), mean=k(4), variance=k(4) + 1, is_training=False)[0], image, spec="batch")
    f.case("Conv2D/residual", lambda x: tf.nn.relu(x + tf.nn.conv2d(x, k(3, 3, 3, 3), 1, "SAME")), image, spec="batch")
    f.case("Conv2D/reshape_after", lambda x: tf.reshape(tf.nn.conv2d(x, k(3, 3, 3, 4), 1, "VALID"), [-1, 80]), image, spec="batch")
    f.case("Conv2D/concat_channels", lambda x: tf.concat([tf.nn.conv2d(x, k(1, 1, 3, 4), 1, "SAME"), tf.nn.max_pool2d(x, 3, 1, "SAME")], -1), image, spec="batch")
    f.case("Conv2D/squeeze_excite", lambda x: x * tf.sigmoid(tf.nn.conv2d(tf.reduce_mean(x, [1, 2], keepdims=True), k(1, 1, 3, 3), 1, "SAME")), image, spec="batch")
    f.case("Conv2D/softmax_channels", lambda x: tf.nn.softmax(tf.nn.conv2d(x, k(1, 1, 3, 4), 1, "SAME")), image, spec="batch")
    f.case("Conv2D/split_channels", lambda x: tf.split(tf.nn.conv2d(x, k(1, 1, 3, 4), 1, "SAME"), 2, -1), image, spec="batch")
    f.case("Conv2D/transpose_after", lambda x: tf.transpose(tf.nn.conv2d(x, k(1, 1, 3, 4), 1, "SAME"), [0, 3, 1, 2]), image, spec="batch")
    f.case("Conv2D/space_to_batch_dilation", lambda x: tf.batch_to_space(tf.nn.conv2d(tf.space_to_batch(x, [2, 2], [[2, 3], [2, 2]]), k(3, 3, 3, 2), 1, "VALID"), [2, 2], [[0, 1], [0, 0]]), image)
    f.case("Conv2D/pad_valid", lambda x: tf.nn.conv2d(tf.pad(x, [[0, 0], [1, 1], [0, 1], [0, 0]]), k(3, 3, 3, 2), 2, "VALID"), image, spec="batch")
    for padding in ("SAME", "VALID"):
        for stride, kernel, size in ((2, 3, (9, 8)), (2, 2, (8, 6)), (3, 2, (9, 7)), (1, 3, (5, 5))):
            h, w = size
            out = [2, h, w, 4]
            source = tf.nn.conv2d(np.zeros((2, h, w, 4), F32), np.zeros((kernel, kernel, 4, 3), F32), stride, padding).shape
            f.case(f"Conv2DBackpropInput/{padding.lower()}_stride{stride}_kernel{kernel}", lambda x, o=out, s=stride, n=kernel, p=padding: tf.nn.conv2d_transpose(x, k(n, n, 4, 3), o, s, p), f.data(F32, 2, source[1], source[2], 3))
    f.case("Conv2DBackpropInput/dynamic", lambda x: tf.nn.conv2d_transpose(x, k(3, 3, 4, 3), tf.stack([tf.shape(x)[0], tf.shape(x)[1] * 2, tf.shape(x)[2] * 2, 4]), 2, "SAME"), f.data(F32, 2, 4, 3, 3), shapes=[[None, None, None, 3]])
    f.case("Conv2DBackpropInput/explicit", lambda x: raw.Conv2DBackpropInput(input_sizes=[2, 7, 8, 4], filter=k(3, 3, 4, 3), out_backprop=x, strides=[1, 2, 2, 1], padding="EXPLICIT", explicit_paddings=[0, 0, 1, 1, 0, 1, 0, 0]), f.data(F32, 2, 4, 4, 3))
    f.case("Conv2DBackpropInput/dilated", lambda x: tf.nn.conv2d_transpose(x, k(3, 3, 4, 3), [2, 5, 5, 4], 1, "SAME", dilations=2), f.data(F32, 2, 5, 5, 3))
    f.case("Conv3DBackpropInputV2/same", lambda x: tf.nn.conv3d_transpose(x, k(3, 3, 3, 2, 3), [1, 4, 6, 4, 2], 2, "SAME"), f.data(F32, 1, 2, 3, 2, 3))
    f.case("Conv3D/dilated", lambda x: tf.nn.conv3d(x, k(2, 2, 2, 2, 3), [1] * 5, "SAME", dilations=[1, 2, 2, 2, 1]), f.data(F32, 1, 5, 4, 6, 2))
    f.case("SeparableConv2d/composed", lambda x: tf.nn.separable_conv2d(x, k(3, 3, 3, 2), k(1, 1, 6, 4), [1, 1, 1, 1], "SAME"), image)
    f.case("AtrousConv2d/composed", lambda x: tf.nn.atrous_conv2d(x, k(3, 3, 3, 2), 2, "SAME"), image)
    f.case("Conv2D/unknown_spatial_same_stride", lambda x: tf.nn.conv2d(x, k(4, 5, 3, 2), 3, "SAME"), image, shapes=[[None, None, None, 3]])
    f.case("Conv2D/unknown_spatial_smaller_than_stride", lambda x: tf.nn.conv2d(x, k(2, 2, 3, 2), 4, "SAME"), f.data(F32, 1, 3, 9, 3), shapes=[[None, None, None, 3]])


def pools(f):
    image = f.data(F32, 2, 7, 6, 3)
    for padding in ("SAME", "VALID"):
        for kernel, stride in ((2, 2), (3, 2), (3, 1), (2, 3)):
            f.case(f"MaxPool/{padding.lower()}_{kernel}_{stride}", lambda x, p=padding, n=kernel, s=stride: tf.nn.max_pool2d(x, n, s, p), image, shapes=[[None, None, None, 3]])
            f.case(f"AvgPool/{padding.lower()}_{kernel}_{stride}", lambda x, p=padding, n=kernel, s=stride: tf.nn.avg_pool2d(x, n, s, p), image, shapes=[[None, None, None, 3]])
        f.case(f"MaxPool3D/{padding.lower()}", lambda x, p=padding: tf.nn.max_pool3d(x, 2, 2, p), f.data(F32, 1, 5, 4, 3, 2))
        f.case(f"AvgPool3D/{padding.lower()}", lambda x, p=padding: tf.nn.avg_pool3d(x, [2, 3, 2], [2, 1, 2], p), f.data(F32, 1, 5, 4, 3, 2))
        f.case(f"MaxPool/{padding.lower()}_static", lambda x, p=padding: tf.nn.max_pool2d(x, [3, 2], [2, 1], p), image)
        f.case(f"AvgPool/{padding.lower()}_static", lambda x, p=padding: tf.nn.avg_pool2d(x, [3, 2], [2, 1], p), image)
    f.case("MaxPool/negative_values", lambda x: tf.nn.max_pool2d(x, 3, 2, "SAME"), image - 10)
    f.case("MaxPool/nan", lambda x: tf.nn.max_pool2d(x, 2, 2, "VALID"), np.array([1, np.inf, -np.inf, 2], F32).reshape(1, 2, 2, 1))
    f.case("MaxPool/explicit", lambda x: raw.MaxPool(input=x, ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding="EXPLICIT", explicit_paddings=[0, 0, 1, 1, 0, 1, 0, 0]), image)
    f.case("MaxPool/float64", lambda x: tf.nn.max_pool2d(x, 2, 2, "SAME"), image.astype(F64))
    f.case("AvgPool/float64", lambda x: tf.nn.avg_pool2d(x, 2, 2, "SAME"), image.astype(F64))
    f.case("MaxPool/float16", lambda x: tf.nn.max_pool2d(x, 2, 2, "SAME"), image.astype(F16))
    f.case("MaxPool/int32", lambda x: raw.MaxPool(input=x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="VALID"), f.data(I32, 1, 4, 4, 2))
    f.case("MaxPoolV2/same", lambda x: raw.MaxPoolV2(input=x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME"), image)
    f.case("MaxPoolWithArgmax/valid", lambda x: tf.nn.max_pool_with_argmax(x, 2, 2, "VALID"), image)
    f.case("MaxPool/rank3_composed", lambda x: tf.nn.max_pool1d(x, 2, 2, "SAME"), f.data(F32, 2, 7, 3))
    f.case("Pool/depthwise", lambda x: raw.MaxPool(input=x, ksize=[1, 1, 1, 2], strides=[1, 1, 1, 2], padding="VALID"), f.data(F32, 1, 2, 2, 4))
    f.case("LRN/default", lambda x: raw.LRN(input=x), f.data(F32, 1, 2, 2, 12))
    f.case("LRN/alexnet", lambda x: raw.LRN(input=x, depth_radius=2, bias=1.0, alpha=0.002, beta=0.75), f.data(F32, 1, 3, 2, 6), spec="batch")
    f.case("FractionalAvgPool/overlap", lambda x: raw.FractionalAvgPool(value=x, pooling_ratio=[1.0, 1.5, 1.5, 1.0], deterministic=True, seed=1, seed2=2)[0], image, refused="FractionalAvgPool")


def resizes(f):
    image = f.data(F32, 1, 5, 4, 2)
    for op in ("ResizeBilinear", "ResizeNearestNeighbor", "ResizeBicubic"):
        for half, corners in ((True, False), (False, False), (False, True)):
            mode = "half" if half else "corners" if corners else "legacy"
            for size in ((10, 8), (3, 3), (7, 9), (5, 4)):
                f.case(f"{op}/{mode}_{size[0]}x{size[1]}", lambda x, o=op, h=half, c=corners, s=size: getattr(raw, o)(images=x, size=s, half_pixel_centers=h, align_corners=c), image)
        f.case(f"{op}/dynamic", lambda x, s, o=op: getattr(raw, o)(images=x, size=s, half_pixel_centers=True), image, np.array([9, 3], I32), shapes=[[None, None, None, 2], [2]])
        f.case(f"{op}/to_one", lambda x, o=op: getattr(raw, o)(images=x, size=[1, 1], align_corners=True), image)
        for dtype in (U8, I32, F64):
            f.case(f"{op}/{np.dtype(dtype).name}", lambda x, o=op: getattr(raw, o)(images=x, size=[7, 3], half_pixel_centers=True), f.data(dtype, 1, 4, 5, 2, low=0, high=200), atol=2e-3)
    for size in ((10, 8), (3, 3), (2, 2), (7, 3)):
        f.case(f"ResizeArea/{size[0]}x{size[1]}", lambda x, s=size: raw.ResizeArea(images=x, size=s), image)
    f.case("ResizeArea/corners", lambda x: raw.ResizeArea(images=x, size=[3, 2], align_corners=True), image)
    f.case("ScaleAndTranslate/antialias", lambda x: tf.image.resize(x, [3, 2], antialias=True), image)
    f.case("ScaleAndTranslate/lanczos", lambda x: tf.image.resize(x, [7, 8], method="lanczos3"), image)
    f.case("ScaleAndTranslate/gaussian", lambda x: tf.image.resize(x, [3, 3], method="gaussian", antialias=True), image)
    boxes = np.array([[0, 0, 1, 1], [0.1, 0.2, 0.6, 0.9], [-0.2, 0.1, 1.3, 0.8], [0.8, 0.9, 0.2, 0.1]], F32)
    images = f.data(F32, 2, 6, 5, 3)
    for method in ("bilinear", "nearest"):
        f.case(f"CropAndResize/{method}", lambda x, b, m=method: raw.CropAndResize(image=x, boxes=b, box_ind=[0, 1, 1, 0], crop_size=[4, 3], method=m, extrapolation_value=0.5), images, boxes)
        f.case(f"CropAndResize/{method}_one", lambda x, b, m=method: raw.CropAndResize(image=x, boxes=b, box_ind=[0, 1, 1, 0], crop_size=[1, 1], method=m), images, boxes)
    f.case("NonMaxSuppressionV3/boxes", lambda b, s: raw.NonMaxSuppressionV3(boxes=b, scores=s, max_output_size=3, iou_threshold=0.5, score_threshold=0.1), np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [0, 10, 1, 11], [0, 10.1, 1, 11.1]], F32), np.array([0.9, 0.75, 0.6, 0.95, 0.05], F32), spec="both")
    f.case("NonMaxSuppressionV2/boxes", lambda b, s: tf.raw_ops.NonMaxSuppressionV2(boxes=b, scores=s, max_output_size=3, iou_threshold=0.5), np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [1, 1, 0, 0], [0, 10, 1, 11]], F32), np.array([0.9, 0.75, 0.6, 0.95], F32))
    f.case("NonMaxSuppressionV4/boxes", lambda b, s: tf.raw_ops.NonMaxSuppressionV4(boxes=b, scores=s, max_output_size=4, iou_threshold=0.5, score_threshold=0.1, pad_to_max_output_size=True), np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 10, 1, 11]], F32), np.array([0.9, 0.75, 0.6], F32))
    f.case("NonMaxSuppressionV5/soft", lambda b, s: tf.raw_ops.NonMaxSuppressionV5(boxes=b, scores=s, max_output_size=3, iou_threshold=0.5, score_threshold=0.1, soft_nms_sigma=0.5), np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 10, 1, 11]], F32), np.array([0.9, 0.75, 0.6], F32))
    f.case("CombinedNonMaxSuppression/boxes", lambda b, s: tf.image.combined_non_max_suppression(b, s, 2, 3, 0.5, 0.1), np.array([[[[0, 0, 1, 1]], [[0, 0.1, 1, 1.1]], [[0, 0.5, 1, 0.9]]]], F32), np.array([[[0.9, 0.2], [0.75, 0.6], [0.6, 0.3]]], F32))
    flow = np.zeros((1, 8), F32) + np.array([0.9, 0.1, 0.5, -0.1, 1.1, -0.3, 0.001, 0.002], F32)
    for mode in ("BILINEAR", "NEAREST"):
        for fill in ("CONSTANT", "REFLECT", "WRAP", "NEAREST"):
            f.case(f"ImageProjectiveTransformV3/{mode.lower()}_{fill.lower()}", lambda x, t, m=mode, n=fill: raw.ImageProjectiveTransformV3(images=x, transforms=t, output_shape=[4, 5], fill_value=0.5, interpolation=m, fill_mode=n), image, flow)
    f.case("ImageProjectiveTransformV2/bilinear", lambda x, t: raw.ImageProjectiveTransformV2(images=x, transforms=t, output_shape=[5, 4], interpolation="BILINEAR"), image, flow)


def norms(f):
    x = f.data(F32, 2, 4, 3, 5)
    c = lambda n=5, low=-1.0, high=1.0: tf.constant((f.rng.random(n) * (high - low) + low).astype(F32))
    for name in ("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"):
        op = getattr(raw, name)
        f.case(f"{name}/inference", lambda x, o=op: o(x=x, scale=c(), offset=c(), mean=c(), variance=c(5, 0.1, 2), epsilon=1e-3, is_training=False)[0], x, spec="batch")
    f.case("FusedBatchNormV3/training", lambda x: raw.FusedBatchNormV3(x=x, scale=c(), offset=c(), mean=np.array([], F32), variance=np.array([], F32), epsilon=1e-3, is_training=True)[:3], x)
    f.case("FusedBatchNormV3/dynamic_parameters", lambda x, m: raw.FusedBatchNormV3(x=x, scale=c(), offset=c(), mean=m, variance=c(5, 0.1, 2), is_training=False)[0], x, f.data(F32, 5))
    f.case("FusedBatchNormV3/float16", lambda x: raw.FusedBatchNormV3(x=x, scale=c(), offset=c(), mean=c(), variance=c(5, 0.1, 2), is_training=False)[0], x.astype(F16), rtol=2e-2, atol=2e-2)
    f.case("FusedBatchNormV3/unknown_spatial", lambda x: raw.FusedBatchNormV3(x=x, scale=c(), offset=c(), mean=c(), variance=c(5, 0.1, 2), is_training=False)[0], x, shapes=[[None, None, None, 5]])
    f.case("FusedBatchNormV3/rank5", lambda x: raw.FusedBatchNormV3(x=x, scale=c(3), offset=c(3), mean=c(3), variance=c(3, 0.1, 2), is_training=False, data_format="NDHWC")[0], f.data(F32, 1, 2, 2, 2, 3))
    f.case("BatchNormWithGlobalNormalization/v1", lambda x: raw.BatchNormWithGlobalNormalization(t=x, m=c(), v=c(5, 0.1, 2), beta=c(), gamma=c(), variance_epsilon=1e-3, scale_after_normalization=True), x)
    f.case("BatchNormalization/composed", lambda x: tf.nn.batch_normalization(x, c(), c(5, 0.1, 2), c(), c(), 1e-3), x, spec="batch")

    def layer_norm(x, axes=(-1,)):
        mean, variance = tf.nn.moments(x, list(axes), keepdims=True)
        return (x - mean) * tf.math.rsqrt(variance + 1e-5) * c() + c()

    f.case("LayerNorm/composed", layer_norm, x, spec="batch")
    f.case("LayerNorm/large_mean", layer_norm, x + 100, rtol=1e-2, atol=1e-3)

    def group_norm(x):
        g = tf.reshape(x, [-1, 4, 3, 5, 1])
        mean, variance = tf.nn.moments(g, [1, 2, 4], keepdims=True)
        return tf.reshape((g - mean) * tf.math.rsqrt(variance + 1e-3), tf.shape(x)) * c() + c()

    f.case("GroupNorm/composed", group_norm, x, spec="batch")
    f.case("InstanceNorm/composed", lambda x: layer_norm(x, (1, 2)), x, spec="batch")
    f.case("RmsNorm/composed", lambda x: x * tf.math.rsqrt(tf.reduce_mean(tf.square(x), -1, keepdims=True) + 1e-6) * c(), x, spec="batch")

    def attention(q, k, v):
        scores = tf.matmul(q, k, transpose_b=True) / 2.0
        return tf.matmul(tf.nn.softmax(scores), v)

    f.case("Attention/composed", attention, f.data(F32, 2, 2, 3, 4), f.data(F32, 2, 2, 5, 4), f.data(F32, 2, 2, 5, 4), spec="both")


def colours(f):
    image = f.data(F32, 1, 3, 4, 3, low=0, high=1)
    f.case("RGBToHSV/float32", lambda x: raw.RGBToHSV(images=x), image, spec="both")
    f.case("HSVToRGB/float32", lambda x: raw.HSVToRGB(images=x), image, spec="both")
    f.case("RGBToHSV/grey", lambda x: raw.RGBToHSV(images=x), np.array([[[0, 0, 0], [0.5, 0.5, 0.5], [1, 1, 1]]], F32))
    f.case("AdjustContrastv2/float32", lambda x: raw.AdjustContrastv2(images=x, contrast_factor=1.7), image, spec="both")
    f.case("AdjustHue/float32", lambda x: raw.AdjustHue(images=x, delta=0.2), image)
    f.case("AdjustSaturation/float32", lambda x: raw.AdjustSaturation(images=x, scale=1.5), image)
    f.case("RgbToGrayscale/composed", lambda x: tf.image.rgb_to_grayscale(x), image)
    f.case("PerImageStandardization/composed", lambda x: tf.image.per_image_standardization(x), image)
    f.case("CentralCrop/composed", lambda x: tf.image.central_crop(x, 0.5), f.data(F32, 1, 6, 6, 3))
    f.case("ResizeWithPad/composed", lambda x: tf.image.resize_with_pad(x, 5, 7), image)
    f.case("ConvertImageDtype/uint8", lambda x: tf.image.convert_image_dtype(x, tf.float32), f.data(U8, 1, 2, 2, 3, low=0, high=255))
    f.case("ConvertImageDtype/to_uint8", lambda x: tf.image.convert_image_dtype(x, tf.uint8, saturate=True), image)
    f.case("DrawBoundingBoxesV2/one", lambda x: tf.image.draw_bounding_boxes(x, [[[0.1, 0.1, 0.9, 0.9]]], [[1.0, 0.0, 0.0]]), f.data(F32, 1, 6, 6, 3, low=0, high=1))


def quantised(f):
    x = f.data(F32, 3, 4, low=-8, high=8)
    for bits in (8, 4):
        for narrow in (False, True):
            f.case(f"FakeQuantWithMinMaxArgs/bits{bits}_narrow{narrow}", lambda v, b=bits, n=narrow: raw.FakeQuantWithMinMaxArgs(inputs=v, min=-6.0, max=5.5, num_bits=b, narrow_range=n), x)
            f.case(f"FakeQuantWithMinMaxVars/bits{bits}_narrow{narrow}", lambda v, b=bits, n=narrow: raw.FakeQuantWithMinMaxVars(inputs=v, min=-6.0, max=5.5, num_bits=b, narrow_range=n), x)
    f.case("FakeQuantWithMinMaxVarsPerChannel/four", lambda v: raw.FakeQuantWithMinMaxVarsPerChannel(inputs=v, min=[-1.0, -2.0, -3.0, 0.0], max=[1.0, 2.0, 3.0, 6.0]), x)
    f.case("QuantizeAndDequantizeV2/range", lambda v: raw.QuantizeAndDequantizeV2(input=v, input_min=-6.0, input_max=6.0, range_given=True), x)
    f.case("QuantizeAndDequantizeV2/found_range", lambda v: raw.QuantizeAndDequantizeV2(input=v, input_min=0.0, input_max=0.0, range_given=False), x)
    f.case("QuantizeAndDequantizeV3/range", lambda v: raw.QuantizeAndDequantizeV3(input=v, input_min=-6.0, input_max=6.0, num_bits=8, range_given=True), x)
    f.case("QuantizeAndDequantizeV4/unsigned", lambda v: raw.QuantizeAndDequantizeV4(input=v, input_min=0.0, input_max=6.0, signed_input=False, range_given=True), x)
    f.case("QuantizeV2/dequantize", lambda v: raw.Dequantize(input=raw.QuantizeV2(input=v, min_range=-6.0, max_range=6.0, T=tf.quint8, mode="MIN_FIRST")[0], min_range=-6.0, max_range=6.0, mode="MIN_FIRST"), x)
    f.case("QuantizeV2/scaled", lambda v: raw.Dequantize(input=raw.QuantizeV2(input=v, min_range=-6.0, max_range=6.0, T=tf.qint8, mode="SCALED")[0], min_range=-6.0, max_range=6.0, mode="SCALED"), x)
