"""Strings, lookups and hashing."""
import numpy as np
import tensorflow as tf

from .recorder import F32, F64, I32, I64

raw = tf.raw_ops
WORDS = np.array(["Hello World", "", " tab\tand  spaces ", "ÄÖÜ straße Ελλάδα", "日本語 text", "a.b,c;d!", "The QUICK brown-fox's 123"])
WORDS = np.array([w.encode() for w in WORDS])


def record(f):
    strings(f)
    patterns(f)
    numbers(f)
    hashes(f)
    tables(f)
    splits(f)
    unicode(f)


def strings(f):
    for name in ("StringLower", "StringUpper"):
        f.case(f"{name}/ascii", lambda x, n=name: getattr(raw, n)(input=x), WORDS)
        f.case(f"{name}/utf8", lambda x, n=name: getattr(raw, n)(input=x, encoding="utf-8"), WORDS)
        f.case(f"{name}/matrix", lambda x, n=name: getattr(raw, n)(input=x), WORDS[:4].reshape(2, 2), spec="both")
    f.case("StringStrip/whitespace", lambda x: raw.StringStrip(input=x), WORDS)
    f.case("StringLength/bytes", lambda x: raw.StringLength(input=x), WORDS)
    f.case("StringLength/characters", lambda x: raw.StringLength(input=x, unit="UTF8_CHAR"), WORDS)
    f.case("StringJoin/separator", lambda a, b: tf.strings.join([a, "-", b], "+"), WORDS, WORDS[::-1].copy())
    f.case("StringJoin/scalar_broadcast", lambda a: tf.strings.join(["<", a, ">"]), WORDS.reshape(1, -1))
    f.case("Substr/bytes", lambda a: tf.strings.substr(a, 1, 3), np.array([b"abcdef", b"wxyz"]))
    f.case("Substr/negative", lambda a: tf.strings.substr(a, -2, 5), np.array([b"abcdef", b"wxyz"]))
    f.case("Substr/characters", lambda a: tf.strings.substr(a, 1, 2, unit="UTF8_CHAR"), np.array(["äöü".encode(), "日本語".encode()]))
    f.case("Substr/per_element", lambda a, p, n: tf.strings.substr(a, p, n), np.array([b"abcdef", b"wxyz"]), np.array([0, 2], I32), np.array([2, 1], I32))
    f.case("ReduceJoin/axis", lambda a: tf.strings.reduce_join(a, 1, separator=" "), np.array([[b"a", b"b"], [b"c", b""]]))
    f.case("ReduceJoin/all", lambda a: tf.strings.reduce_join(a), np.array([[b"a", b"b"], [b"c", b""]]))
    f.case("ReduceJoin/keep", lambda a: tf.strings.reduce_join(a, 0, keepdims=True), np.array([[b"a", b"b"], [b"c", b""]]))
    f.case("UnsortedSegmentJoin/plain", lambda a, s: raw.UnsortedSegmentJoin(inputs=a, segment_ids=s, num_segments=3, separator=","), np.array([b"a", b"b", b"c"]), np.array([0, 2, 0], I32))
    f.case("StringFormat/plain", lambda x: tf.strings.format("value {}!", [x]), np.array([1, 2, 3], I32))
    f.case("EncodeBase64/plain", lambda x: tf.io.encode_base64(x), WORDS)
    f.case("EncodeBase64/pad", lambda x: tf.io.encode_base64(x, pad=True), WORDS)
    f.case("DecodeBase64/plain", lambda x: tf.io.decode_base64(x), np.array([b"SGVsbG8", b"YQ", b"", b"_-8"]))
    f.case("DecodeRaw/uint8", lambda x: tf.io.decode_raw(x, tf.uint8), np.array([b"abc", b"xyz"]))
    f.case("DecodeRaw/float32", lambda x: tf.io.decode_raw(x, tf.float32), np.array([np.array([1.5, 2.25], F32).tobytes()]))
    f.case("DecodeRaw/int16_big_endian", lambda x: tf.io.decode_raw(x, tf.int16, little_endian=False), np.array([b"\x01\x02\x03\x04"]))
    f.case("DecodePaddedRaw/uint8", lambda x: raw.DecodePaddedRaw(input_bytes=x, fixed_length=4, out_type=tf.uint8), np.array([b"abc", b"vwxyz"]))


def patterns(f):
    for name, pattern, rewrite in (
        ("punctuation", r'[!"#$%&()\*\+,-\./:;<=>?@\[\\\]^_`{|}~\']', ""), ("groups", r"(\w+) (\w+)", r"\2 \1"), ("whole", r"^.*$", r"<\0>"),
        ("empty_matches", r"x*", "-"), ("class", r"\s+", " "), ("posix", r"[[:punct:]]", ""), ("unicode", r"\pL+", "L"), ("digits", r"\d", "#"),
        ("anchors", r"\bthe\b", "THE"), ("case", r"(?i)hello", "bye"), ("escape", r"a\.b", r"\\"), ("lazy", r".+?o", "_"), ("cased", r"\p{Lu}", "U"),
    ):
        f.case(f"StaticRegexReplace/{name}", lambda x, p=pattern, r=rewrite: raw.StaticRegexReplace(input=x, pattern=p, rewrite=r), WORDS)
    f.case("StaticRegexReplace/first_only", lambda x: raw.StaticRegexReplace(input=x, pattern="o", rewrite="0", replace_global=False), WORDS)
    f.case("RegexReplace/dynamic", lambda x, p, r: raw.RegexReplace(input=x, pattern=p, rewrite=r), WORDS, np.array(b"[aeiou]"), np.array(b"*"))
    f.case("StaticRegexFullMatch/words", lambda x: raw.StaticRegexFullMatch(input=x, pattern=r"[A-Za-z ]+"), WORDS)
    f.case("RegexFullMatch/dynamic", lambda x, p: raw.RegexFullMatch(input=x, pattern=p), WORDS, np.array(b".*o.*"))


def numbers(f):
    f.case("AsString/int32", lambda x: tf.strings.as_string(x), np.array([0, -5, 123456], I32))
    f.case("AsString/int64_width", lambda x: tf.strings.as_string(x, width=6, fill="0"), np.array([5, -5], I64))
    f.case("AsString/float32", lambda x: tf.strings.as_string(x), np.array([0, -5.5, 3.14159265, 1e10, np.nan, np.inf], F32))
    f.case("AsString/precision", lambda x: tf.strings.as_string(x, precision=2), np.array([0, -5.555, 3.14159265], F32))
    f.case("AsString/scientific", lambda x: tf.strings.as_string(x, precision=3, scientific=True), np.array([0, -5.555, 31415.9265], F32))
    f.case("AsString/shortest", lambda x: tf.strings.as_string(x, shortest=True), np.array([0, -5.5, 1e10, 1e-7], F32))
    f.case("AsString/float64", lambda x: tf.strings.as_string(x), np.array([np.pi], F64))
    f.case("AsString/bool", lambda x: tf.strings.as_string(x), np.array([True, False]))
    for dtype in (tf.int32, tf.int64, tf.float32, tf.float64):
        f.case(f"StringToNumber/{dtype.name}", lambda x, d=dtype: tf.strings.to_number(x, d), np.array([b"1", b"-12", b" 7 ", b"0"]))
    f.case("StringToNumber/exponents", lambda x: tf.strings.to_number(x), np.array([b"1e3", b"-2.5E-2", b".5", b"inf", b"nan", b"3.4028236e38"]))


def hashes(f):
    long = np.array([b"", b"a", b"abcdefg", b"abcdefgh", b"0123456789abcdef", b"0123456789abcdefg", b"x" * 33, b"y" * 64, b"z" * 65, b"hello world" * 20, "日本語".encode()])
    f.case("StringToHashBucketFast/lengths", lambda x: tf.strings.to_hash_bucket_fast(x, 2**40), long)
    f.case("StringToHashBucketFast/small", lambda x: tf.strings.to_hash_bucket_fast(x, 7), long, spec="both")
    f.case("StringToHashBucketStrong/key", lambda x: tf.strings.to_hash_bucket_strong(x, 2**40, [1234567, 98765]), long)
    f.case("StringToHashBucket/v1", lambda x: raw.StringToHashBucket(string_tensor=x, num_buckets=1000), long)
    f.case("Fingerprint/farmhash", lambda x: tf.fingerprint(x), long)
    f.case("Fingerprint/numbers", lambda x: tf.fingerprint(x), np.array([[1, 2], [3, 4]], I32))


def tables(f):
    keys, values = ["a", "b", "日本語"], np.array([10, 20, 30], I64)

    def table(k, v, default):
        return tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(tf.constant(k), tf.constant(v)), default)

    def computed(k, v, default):
        return tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(k, v), default)

    words = np.array([[b"b", b"x"], ["日本語".encode(), b"a"]])
    f.case("LookupTableFindV2/string_to_int64", lambda x: table(keys, values, -1).lookup(x), words, spec="both")
    f.case("LookupTableFindV2/int64_to_string", lambda x: table(values, keys, "?").lookup(x), np.array([20, 5, 30], I64))
    f.case("LookupTableFindV2/string_to_float", lambda x: table(keys, np.array([1.5, 2.5, 3.5], F32), np.nan).lookup(x), words)
    f.case("LookupTableFindV2/string_to_string", lambda x: table(keys, ["x", "y", "z"], "").lookup(x), words)
    f.case("LookupTableFindV2/int64_to_int64", lambda x: table(values, values + 1, I64(0)).lookup(x), np.array([20, 5, 30], I64))
    f.case("LookupTableFindV2/int32_to_float", lambda x: table(np.array([1, 2], I32), np.array([0.1, 0.2], F32), -1.0).lookup(x), np.array([2, 3], I32))
    f.case("LookupTableFindV2/keys_cast", lambda x: computed(tf.cast(np.array([1, 2], I32), tf.int64), tf.cast([3, 4], tf.float32) * 0.5, -1.0).lookup(x), np.array([2, 3], I64))
    f.case("LookupTableFindV2/keys_joined", lambda x: computed(tf.strings.join([["a", "b"], "!"]), tf.range(2), -1).lookup(x), np.array([b"a!", b"a"]))
    f.case("LookupTableFindV2/after_cast", lambda x: table(values, values, I64(-1)).lookup(tf.cast(x, tf.int64)), np.array([20, 5, 30], F32))
    f.case("LookupTableFindV2/then_gather", lambda x: tf.gather(tf.constant(np.arange(12, dtype=F32).reshape(4, 3)), table(keys, np.array([1, 2, 3], I64), 0).lookup(x)), words)
    f.case("LookupTableSizeV2/three", lambda x: table(keys, values, -1).size() + x, I64(1))
    f.case("LookupTableFindV2/out_of_vocabulary_hash", lambda x: tf.lookup.StaticVocabularyTable(tf.lookup.KeyValueTensorInitializer(tf.constant(keys), tf.constant(np.array([0, 1, 2], I64))), 4).lookup(x), words)
    f.case("LookupTableExportV2/sorted", lambda x: tf.reduce_sum(table(keys, values, -1).export()[1]) + x, I64(1))


def splits(f):
    f.case("StringSplitV2/whitespace", lambda x: raw.StringSplitV2(input=x, sep=""), WORDS)
    f.case("StringSplitV2/separator", lambda x: raw.StringSplitV2(input=x, sep=" "), WORDS)
    f.case("StringSplitV2/long_separator", lambda x: raw.StringSplitV2(input=x, sep="--"), np.array([b"a--b--c", b"--", b"a-b"]))
    f.case("StringSplitV2/limit", lambda x: raw.StringSplitV2(input=x, sep=" ", maxsplit=1), WORDS)
    f.case("StringSplitV2/limit_whitespace", lambda x: raw.StringSplitV2(input=x, sep="", maxsplit=1), WORDS)
    f.case("StringSplit/v1", lambda x: raw.StringSplit(input=x, delimiter=" ,", skip_empty=True), WORDS)
    f.case("StringSplit/v1_keep_empty", lambda x: raw.StringSplit(input=x, delimiter=",", skip_empty=False), np.array([b"a,,b", b""]))
    f.case("StringSplit/ragged_to_dense", lambda x: tf.strings.split(x).to_tensor("."), WORDS)
    f.case("StringSplit/ragged_to_dense_padded", lambda x: tf.strings.split(x).to_tensor("", shape=[None, 3]), WORDS)
    f.case("StringSplit/lower_lookup_lengths", lambda x: tf.strings.split(tf.strings.lower(x)).row_lengths(), WORDS)
    f.case("StringNGrams/two", lambda x, s: raw.StringNGrams(data=x, data_splits=s, separator=" ", ngram_widths=[1, 2], left_pad="", right_pad="", pad_width=0, preserve_short_sequences=False), np.array([b"a", b"b", b"c", b"d"]), np.array([0, 3, 4], I64))
    f.case("StringNGrams/padded", lambda x, s: raw.StringNGrams(data=x, data_splits=s, separator="|", ngram_widths=[3], left_pad="<", right_pad=">", pad_width=-1, preserve_short_sequences=True), np.array([b"a", b"b", b"c", b"d"]), np.array([0, 3, 4], I64))


def unicode(f):
    text = np.array(["héllo".encode(), "日本語".encode(), b"", b"a\xffb"])
    f.case("UnicodeDecode/utf8", lambda x: raw.UnicodeDecode(input=x, input_encoding="UTF-8", errors="replace"), text)
    f.case("UnicodeDecodeWithOffsets/utf8", lambda x: raw.UnicodeDecodeWithOffsets(input=x, input_encoding="UTF-8", errors="replace"), text)
    f.case("UnicodeDecode/ignore", lambda x: raw.UnicodeDecode(input=x, input_encoding="UTF-8", errors="ignore"), text)
    f.case("UnicodeEncode/utf8", lambda v, s: raw.UnicodeEncode(input_values=v, input_splits=s, output_encoding="UTF-8"), np.array([104, 233, 26085], I32), np.array([0, 2, 3], I64))
    f.case("UnicodeSplit/characters", lambda x: tf.strings.unicode_split(x, "UTF-8").to_tensor(""), text[:3])
    f.case("UnicodeTranscode/utf8", lambda x: raw.UnicodeTranscode(input=x, input_encoding="UTF-8", output_encoding="UTF-8", errors="replace"), text)
    f.case("UnicodeScript/latin", lambda x: raw.UnicodeScript(input=x), np.array([97, 0x3042, 0x4e00], I32), refused="UnicodeScript")
