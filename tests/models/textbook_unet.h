// The denoising U-Net of Ho et al. 2020, written down a second time: plain loops in double.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <string>
#include <vector>

#include "evaluator.h"
#include "models/models.h"

namespace tilewright::test {

struct Image {
  std::size_t channels = 0, side = 0;  // height = width
  std::vector<double> data;            // [channels, side, side]
  double& at(std::size_t c, std::size_t y, std::size_t x) {
    return data[(c * side + y) * side + x];
  }
  double at(std::size_t c, std::size_t y, std::size_t x) const {
    return data[(c * side + y) * side + x];
  }
};

// One sample.
class TextbookUnet {
 public:
  TextbookUnet(const UnetShape& shape, const onnx::GraphProto& graph);
  Image denoise(const Image& sample, std::int64_t timestep) const;

 private:
  using Row = std::vector<double>;
  const Array& weight(const std::string& name) const { return weights_.at(name); }
  Row linear(const Row& x, const std::string& name) const;  // nn.Linear: weight [out, in]
  Row embed(std::int64_t timestep) const;
  Image conv(const Image& x, const std::string& name, std::size_t stride) const;
  Image norm(const Image& x, const std::string& name) const;
  Image resnet(const Image& x, const Row& embedding, const std::string& name) const;
  Image attention(const Image& x, const std::string& name) const;

  UnetShape shape_;
  Arrays weights_;
};

}  // namespace tilewright::test
