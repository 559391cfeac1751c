"""The job of `hounsfield preprocess` by pydicom, GDCM, numpy and scipy, one thread: what most people run on chest CT today.

  python3 preprocess.py JOB STUDY OUT      JOB: windowed | all | stages

windowed: DICOM to 1 mm (grid "O", linear) float32 in 0..1, one .npy. all: and the plain lung mask on that grid, and three MIPs.
stages: CPU seconds of single operations on the volume as acquired, and prints them as JSON.
Debian: python3-pydicom python3-gdcm python3-scipy
"""
import json
import os
import sys
import time

import numpy as np
import pydicom
from scipy import ndimage


def read_series(folder):
    slices = [pydicom.dcmread(os.path.join(folder, name)) for name in os.listdir(folder)]
    slices.sort(key=lambda s: float(s.SliceLocation))
    hu = np.empty((len(slices), slices[0].Rows, slices[0].Columns), np.int16)
    for k, s in enumerate(slices):
        hu[k] = s.pixel_array * int(s.RescaleSlope) + int(s.RescaleIntercept)
    step = float(slices[1].SliceLocation) - float(slices[0].SliceLocation)
    spacing = np.array([step, float(s.PixelSpacing[0]), float(s.PixelSpacing[1])])
    return hu, spacing


def resample(hu, spacing, order=1, target=1.0):
    size = np.floor((np.array(hu.shape) - 1) * spacing / target + 1e-6).astype(int) + 1
    return ndimage.affine_transform(
        hu, target / spacing, output_shape=tuple(size), output=np.float32, order=order, mode="nearest"
    )


def window(values, low=-1000.0, high=400.0):
    scaled = (values - np.float32(low)) * np.float32(1 / (high - low))
    return np.clip(scaled, 0, 1, out=scaled)


def lung_mask(hu, spacing):
    """The plain recipe of lungMask, method "threshold": same steps, same bits."""
    air = hu < -400
    plane = ndimage.generate_binary_structure(2, 1)
    for k in range(air.shape[0]):
        labels, count = ndimage.label(air[k], plane)
        edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
        air[k] &= ~np.isin(labels, edge[edge > 0])
    labels, count = ndimage.label(air)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    keep = sizes >= 0.1 * sizes.max()
    keep[0] = False
    lungs = keep[labels]
    limit = np.floor(400 / (spacing[1] * spacing[2]))
    for k in range(lungs.shape[0]):
        labels, count = ndimage.label(~lungs[k], plane)
        sizes = np.bincount(labels.ravel(), minlength=count + 1)
        edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
        fill = sizes <= limit
        fill[edge] = False
        fill[0] = False
        lungs[k] |= fill[labels]
    return lungs


def projections(hu):
    return {"axial": hu.max(0), "coronal": hu.max(1), "sagittal": hu.max(2)}


def cpu_seconds(work, repeats=3):
    best = None
    for _ in range(repeats):
        start = time.process_time()
        work()
        spent = time.process_time() - start
        best = spent if best is None else min(best, spent)
    return best


def oblique(hu, spacing):
    angle = np.deg2rad(20)
    turn = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
    matrix = np.diag(1 / spacing) @ turn
    size = np.floor((np.array(hu.shape) - 1) * spacing + 1e-6).astype(int) + 1
    middle = (size - 1) / 2
    offset = (np.array(hu.shape) - 1) / 2 - matrix @ middle
    return ndimage.affine_transform(
        hu, matrix, offset, output_shape=tuple(size), output=np.float32, order=1, mode="nearest"
    )


def shrink(hu, spacing, target=2.0):
    factor = np.maximum(1, target / spacing)
    sigma = np.where(factor > 1, 0.5 * factor, 0)
    smooth = ndimage.gaussian_filter(hu.astype(np.float32), sigma)
    return resample(smooth, spacing, 1, target)


def stages(folder):
    hu, spacing = read_series(folder)
    work = {
        "linear": (lambda: resample(hu, spacing), 3),
        "b-spline": (lambda: resample(hu, spacing, 3), 1),
        "window": (lambda: window(hu), 3),
        "lungs": (lambda: lung_mask(hu, spacing), 2),
        "projections": (lambda: projections(hu), 3),
        "shrink": (lambda: shrink(hu, spacing), 2),
        "oblique": (lambda: oblique(hu, spacing), 2),
    }
    return {name: cpu_seconds(run, repeats) for name, (run, repeats) in work.items()}


def main(job, study, out=None):
    if job == "stages":
        print(json.dumps(stages(study)))
        return
    hu, spacing = read_series(study)
    fine = resample(hu, spacing)
    np.save(os.path.join(out, "windowed.npy"), window(fine))
    if job == "all":
        np.save(os.path.join(out, "lungs.npy"), lung_mask(np.rint(fine).astype(np.int16), np.ones(3)).view(np.uint8))
        for plane, image in projections(hu).items():
            np.save(os.path.join(out, f"mip-{plane}.npy"), image)


if __name__ == "__main__":
    main(*sys.argv[1:])
