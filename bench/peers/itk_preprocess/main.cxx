// The job of `hounsfield preprocess` by ITK, one thread.
//
//   itk_preprocess windowed|all|stages STUDY [OUT]
//
// windowed: DICOM to 1 mm (grid "O", linear) float32 in 0..1, one .npy. all: and a lung mask by ITK's filters, and three MIPs.
// stages: CPU seconds of single operations, as JSON.
#include <itkAffineTransform.h>
#include <itkBSplineInterpolateImageFunction.h>
#include <itkBinaryBallStructuringElement.h>
#include <itkBinaryMorphologicalClosingImageFilter.h>
#include <itkBinaryThresholdImageFilter.h>
#include <itkConnectedComponentImageFilter.h>
#include <itkGDCMImageIO.h>
#include <itkGDCMSeriesFileNames.h>
#include <itkImageSeriesReader.h>
#include <itkIntensityWindowingImageFilter.h>
#include <itkLinearInterpolateImageFunction.h>
#include <itkMaximumProjectionImageFilter.h>
#include <itkMultiThreaderBase.h>
#include <itkRelabelComponentImageFilter.h>
#include <itkResampleImageFilter.h>
#include <itkSmoothingRecursiveGaussianImageFilter.h>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>

using Short = itk::Image<short, 3>;
using Float = itk::Image<float, 3>;
using Byte = itk::Image<unsigned char, 3>;
using Label = itk::Image<unsigned int, 3>;

static Short::Pointer read_series(const std::string & folder) {
  auto names = itk::GDCMSeriesFileNames::New();
  names->SetDirectory(folder);
  auto reader = itk::ImageSeriesReader<Short>::New();
  reader->SetImageIO(itk::GDCMImageIO::New());
  reader->SetFileNames(names->GetInputFileNames());
  reader->Update();
  return reader->GetOutput();
}

template <class Input, class Interpolator>
static Float::Pointer resample(Input * image, double target, const itk::Transform<double, 3, 3> * turn = nullptr) {
  auto filter = itk::ResampleImageFilter<Input, Float>::New();
  auto size = image->GetLargestPossibleRegion().GetSize();
  auto spacing = image->GetSpacing();
  for (int i = 0; i < 3; i++) {
    size[i] = static_cast<itk::SizeValueType>(std::floor((size[i] - 1) * spacing[i] / target + 1e-6)) + 1;
    spacing[i] = target;
  }
  filter->SetInput(image);
  filter->SetInterpolator(Interpolator::New());
  if (turn) filter->SetTransform(turn);
  filter->SetSize(size);
  filter->SetOutputSpacing(spacing);
  filter->SetOutputOrigin(image->GetOrigin());
  filter->SetOutputDirection(image->GetDirection());
  filter->Update();
  return filter->GetOutput();
}

using LinearShort = itk::LinearInterpolateImageFunction<Short, double>;
using LinearFloat = itk::LinearInterpolateImageFunction<Float, double>;
using SplineShort = itk::BSplineInterpolateImageFunction<Short, double, double>;

template <class Input>
static Float::Pointer window(Input * image) {
  auto filter = itk::IntensityWindowingImageFilter<Input, Float>::New();
  filter->SetInput(image);
  filter->SetWindowMinimum(-1000);
  filter->SetWindowMaximum(400);
  filter->SetOutputMinimum(0);
  filter->SetOutputMaximum(1);
  filter->Update();
  return filter->GetOutput();
}

// Threshold, the two largest parts that do not touch the frame are what ITK makes easy: parts, largest two of inner air, closing by a ball.
template <class Input>
static Byte::Pointer lungs(Input * image) {
  auto air = itk::BinaryThresholdImageFilter<Input, Byte>::New();
  air->SetInput(image);
  air->SetUpperThreshold(-400);
  air->SetInsideValue(1);
  air->SetOutsideValue(0);
  auto parts = itk::ConnectedComponentImageFilter<Byte, Label>::New();
  parts->SetInput(air->GetOutput());
  auto ranked = itk::RelabelComponentImageFilter<Label, Label>::New();
  ranked->SetInput(parts->GetOutput());
  auto kept = itk::BinaryThresholdImageFilter<Label, Byte>::New();
  kept->SetInput(ranked->GetOutput());
  kept->SetLowerThreshold(2);
  kept->SetUpperThreshold(3);
  kept->SetInsideValue(1);
  kept->SetOutsideValue(0);
  using Ball = itk::BinaryBallStructuringElement<unsigned char, 3>;
  Ball ball;
  ball.SetRadius(3);
  ball.CreateStructuringElement();
  auto closed = itk::BinaryMorphologicalClosingImageFilter<Byte, Byte, Ball>::New();
  closed->SetInput(kept->GetOutput());
  closed->SetKernel(ball);
  closed->SetForegroundValue(1);
  closed->Update();
  return closed->GetOutput();
}

static itk::Image<short, 2>::Pointer project(Short * image, unsigned int axis) {
  auto filter = itk::MaximumProjectionImageFilter<Short, itk::Image<short, 2>>::New();
  filter->SetInput(image);
  filter->SetProjectionDimension(axis);
  filter->Update();
  return filter->GetOutput();
}

static Float::Pointer shrink(Short * image) {
  auto smooth = itk::SmoothingRecursiveGaussianImageFilter<Short, Float>::New();
  smooth->SetInput(image);
  smooth->SetSigma(1.0);
  smooth->Update();
  return resample<Float, LinearFloat>(smooth->GetOutput(), 2.0);
}

static Float::Pointer oblique(Short * image) {
  auto turn = itk::AffineTransform<double, 3>::New();
  auto size = image->GetLargestPossibleRegion().GetSize();
  itk::ContinuousIndex<double, 3> middle;
  for (int i = 0; i < 3; i++) middle[i] = (size[i] - 1) / 2.0;
  Short::PointType center;
  image->TransformContinuousIndexToPhysicalPoint(middle, center);
  turn->SetCenter(center);
  turn->Rotate(0, 1, 20 * 3.14159265358979 / 180);
  return resample<Short, LinearShort>(image, 1.0, turn);
}

template <class Image>
static void write_npy(const std::string & path, Image * image, const char * dtype) {
  using Pixel = typename Image::PixelType;
  const auto size = image->GetLargestPossibleRegion().GetSize();
  std::string shape;
  for (int i = Image::ImageDimension - 1; i >= 0; i--) shape += std::to_string(size[i]) + ", ";
  std::string header = std::string("{'descr': '") + dtype + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  while ((10 + header.size() + 1) % 64) header += ' ';
  header += '\n';
  std::FILE * file = std::fopen(path.c_str(), "wb");
  const unsigned short length = static_cast<unsigned short>(header.size());
  std::fwrite("\x93NUMPY\x01\x00", 1, 8, file);
  std::fwrite(&length, 2, 1, file);
  std::fwrite(header.data(), 1, header.size(), file);
  std::fwrite(image->GetBufferPointer(), sizeof(Pixel), image->GetLargestPossibleRegion().GetNumberOfPixels(), file);
  std::fclose(file);
}

static double cpu_seconds(int repeats, const std::function<void()> & work) {
  double best = 1e9;
  for (int i = 0; i < repeats; i++) {
    const auto start = std::clock();
    work();
    best = std::min(best, double(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

static void print_stages(Short * hu) {
  const auto spline = cpu_seconds(1, [&] { resample<Short, SplineShort>(hu, 1.0); });
  const auto linear = cpu_seconds(3, [&] { resample<Short, LinearShort>(hu, 1.0); });
  const auto windowed = cpu_seconds(3, [&] { window<Short>(hu); });
  const auto mask = cpu_seconds(1, [&] { lungs<Short>(hu); });
  const auto mips = cpu_seconds(3, [&] { for (unsigned int axis = 0; axis < 3; axis++) project(hu, axis); });
  const auto shrunk = cpu_seconds(2, [&] { shrink(hu); });
  const auto turned = cpu_seconds(2, [&] { oblique(hu); });
  std::printf("{\"linear\": %g, \"b-spline\": %g, \"window\": %g, \"lungs\": %g, \"projections\": %g, \"shrink\": %g, \"oblique\": %g}\n",
    linear, spline, windowed, mask, mips, shrunk, turned);
}

int main(int count, char ** words) {
  itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(1);
  itk::MultiThreaderBase::SetGlobalMaximumNumberOfThreads(1);
  if (count < 3) return 2;
  const std::string job = words[1];
  const auto hu = read_series(words[2]);
  if (job == "stages") {
    print_stages(hu);
    return 0;
  }
  const std::string out = words[3];
  const auto fine = resample<Short, LinearShort>(hu, 1.0);
  write_npy<Float>(out + "/windowed.npy", window<Float>(fine), "<f4");
  if (job == "all") {
    write_npy<Byte>(out + "/lungs.npy", lungs<Float>(fine), "|u1");
    const char * planes[] = {"sagittal", "coronal", "axial"};
    for (unsigned int axis = 0; axis < 3; axis++) {
      const auto image = project(hu, axis);
      write_npy<itk::Image<short, 2>>(out + "/mip-" + planes[axis] + ".npy", image.GetPointer(), "<i2");
    }
  }
  return 0;
}
