#!/usr/bin/python3
"""Time and memory of Python's onnx package to load a model and infer its shapes, beside bench_frontend.
usage: onnx_load.py MODEL.onnx   (Debian: python3-onnx)"""
import resource
import sys
import time

import onnx
import onnx.shape_inference

best = [float("inf")] * 2
for _ in range(5):
    begin = time.perf_counter()
    model = onnx.load(sys.argv[1], load_external_data=False)
    loaded = time.perf_counter()
    onnx.shape_inference.infer_shapes(model)
    best = [min(best[0], loaded - begin), min(best[1], time.perf_counter() - loaded)]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"onnx {onnx.__version__}: load {1e3 * best[0]:.0f} ms, shape inference {1e3 * best[1]:.0f} ms, peak {peak:.0f} MB")
