"""The jobs of bench/formats.js by nibabel, and by pydicom and GDCM where they start from DICOM.

  python3 formats.py JOB IN OUT      JOB: dicom (a folder to .nii.gz) | nifti (.nii or .nii.gz to the other)
Debian: python3-nibabel, python3-pydicom python3-gdcm
"""
import sys

import nibabel
import numpy as np

job, source, target = sys.argv[1:]
if job == "dicom":
    from preprocess import read_series

    hu, (dz, dy, dx) = read_series(source)
    # The spacing alone: where it lies costs nothing.
    nibabel.save(nibabel.Nifti1Image(hu.transpose(2, 1, 0), np.diag([-dx, -dy, dz, 1])), target)
else:
    image = nibabel.load(source)
    values = np.asanyarray(image.dataobj)
    nibabel.save(nibabel.Nifti1Image(values, image.affine, image.header), target)
