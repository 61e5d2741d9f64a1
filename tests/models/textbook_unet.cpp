#include "textbook_unet.h"

#include <cmath>

namespace tilewright::test {
namespace {

double silu(double x) {
  return x / (1 + std::exp(-x));
}

std::vector<double> silu(std::vector<double> x) {
  for (double& v : x) {
    v = silu(v);
  }
  return x;
}

Image silu(Image x) {
  x.data = silu(std::move(x.data));
  return x;
}

Image blank(std::size_t channels, std::size_t side) {
  return {channels, side, std::vector<double>(channels * side * side, 0)};
}

Image sum(Image a, const Image& b) {
  for (std::size_t i = 0; i < a.data.size(); ++i) {
    a.data[i] += b.data[i];
  }
  return a;
}

Image stacked(const Image& a, const Image& b) {
  Image result{a.channels + b.channels, a.side, a.data};
  result.data.insert(result.data.end(), b.data.begin(), b.data.end());
  return result;
}

Image doubled(const Image& x) {
  Image result = blank(x.channels, 2 * x.side);
  for (std::size_t c = 0; c < result.channels; ++c) {
    for (std::size_t i = 0; i < result.side; ++i) {
      for (std::size_t j = 0; j < result.side; ++j) {
        result.at(c, i, j) = x.at(c, i / 2, j / 2);
      }
    }
  }
  return result;
}

}  // namespace

TextbookUnet::TextbookUnet(const UnetShape& shape, const onnx::GraphProto& graph) : shape_(shape) {
  for (const auto& tensor : graph.initializer()) {
    weights_[tensor.name()] = array_of(tensor);
  }
}

TextbookUnet::Row TextbookUnet::linear(const Row& x, const std::string& name) const {
  Row result = weight(name + ".bias").data;
  for (std::size_t o = 0; o < result.size(); ++o) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      result[o] += weight(name + ".weight").data[o * x.size() + i] * x[i];
    }
  }
  return result;
}

TextbookUnet::Row TextbookUnet::embed(std::int64_t timestep) const {
  const auto width = static_cast<std::size_t>(shape_.widths[0]);
  Row waves(width);
  for (std::size_t i = 0; i < width / 2; ++i) {
    const double angle =
        static_cast<double>(timestep) *
        std::exp(-std::log(10000.0) * static_cast<double>(i) / static_cast<double>(width / 2));
    waves[i] = std::cos(angle);
    waves[i + width / 2] = std::sin(angle);
  }
  return linear(silu(linear(waves, "time_embedding.linear_1")), "time_embedding.linear_2");
}

Image TextbookUnet::conv(const Image& x, const std::string& name, std::size_t stride) const {
  const Array &kernel = weight(name + ".weight"), &bias = weight(name + ".bias");
  const auto out = static_cast<std::size_t>(kernel.shape[0]),
             width = static_cast<std::size_t>(kernel.shape[3]), pad = width / 2;
  Image result = blank(out, x.side / stride);
  for (std::size_t o = 0; o < out; ++o) {
    for (std::size_t i = 0; i < result.side; ++i) {
      for (std::size_t j = 0; j < result.side; ++j) {
        double total = bias.data[o];
        for (std::size_t c = 0; c < x.channels; ++c) {
          for (std::size_t u = 0; u < width; ++u) {
            for (std::size_t v = 0; v < width; ++v) {
              const std::size_t y = i * stride + u, z = j * stride + v;  // of the padded image
              if (y < pad || z < pad || y >= x.side + pad || z >= x.side + pad) {
                continue;
              }
              total += x.at(c, y - pad, z - pad) *
                       kernel.data[((o * x.channels + c) * width + u) * width + v];
            }
          }
        }
        result.at(o, i, j) = total;
      }
    }
  }
  return result;
}

Image TextbookUnet::norm(const Image& x, const std::string& name) const {
  const std::size_t groups = static_cast<std::size_t>(shape_.groups), size = x.data.size() / groups,
                    plane = x.side * x.side;
  Image result = x;
  for (std::size_t g = 0; g < groups; ++g) {
    double mean = 0, variance = 0;
    for (std::size_t i = g * size; i < (g + 1) * size; ++i) {
      mean += x.data[i] / static_cast<double>(size);
    }
    for (std::size_t i = g * size; i < (g + 1) * size; ++i) {
      variance += (x.data[i] - mean) * (x.data[i] - mean) / static_cast<double>(size);
    }
    for (std::size_t i = g * size; i < (g + 1) * size; ++i) {
      const std::size_t channel = i / plane;
      result.data[i] = (x.data[i] - mean) / std::sqrt(variance + shape_.norm_epsilon) *
                           weight(name + ".weight").data[channel] +
                       weight(name + ".bias").data[channel];
    }
  }
  return result;
}

Image TextbookUnet::resnet(const Image& x, const Row& embedding, const std::string& name) const {
  Image hidden = conv(silu(norm(x, name + ".norm1")), name + ".conv1", 1);
  const Row shift = linear(silu(embedding), name + ".time_emb_proj");
  for (std::size_t i = 0; i < hidden.data.size(); ++i) {
    hidden.data[i] += shift[i / (hidden.side * hidden.side)];
  }
  const Image change = conv(silu(norm(hidden, name + ".norm2")), name + ".conv2", 1);
  const bool wider = weights_.count(name + ".conv_shortcut.weight") > 0;
  return sum(change, wider ? conv(x, name + ".conv_shortcut", 1) : x);
}

Image TextbookUnet::attention(const Image& x, const std::string& name) const {
  const Image normal = norm(x, name + ".group_norm");
  const std::size_t positions = x.side * x.side, heads = static_cast<std::size_t>(shape_.heads),
                    head = x.channels / heads;
  // [channels, positions] of rows times weight [in, out].
  const auto project = [&](const std::vector<double>& from, const std::string& part) {
    const Array &w = weight(name + part + ".weight"), &b = weight(name + part + ".bias");
    std::vector<double> result(from.size());
    for (std::size_t o = 0; o < x.channels; ++o) {
      for (std::size_t p = 0; p < positions; ++p) {
        double total = b.data[o];
        for (std::size_t i = 0; i < x.channels; ++i) {
          total += from[i * positions + p] * w.data[i * x.channels + o];
        }
        result[o * positions + p] = total;
      }
    }
    return result;
  };
  const std::vector<double> query = project(normal.data, ".to_q"),
                            key = project(normal.data, ".to_k"),
                            value = project(normal.data, ".to_v");
  std::vector<double> mixed(x.data.size(), 0);
  for (std::size_t h = 0; h < heads; ++h) {
    for (std::size_t p = 0; p < positions; ++p) {
      std::vector<double> odds(positions);
      double total = 0;
      for (std::size_t q = 0; q < positions; ++q) {
        double score = 0;
        for (std::size_t c = h * head; c < (h + 1) * head; ++c) {
          score += query[c * positions + p] * key[c * positions + q];
        }
        odds[q] = std::exp(score / std::sqrt(static_cast<double>(head)));
        total += odds[q];
      }
      for (std::size_t c = h * head; c < (h + 1) * head; ++c) {
        for (std::size_t q = 0; q < positions; ++q) {
          mixed[c * positions + p] += odds[q] / total * value[c * positions + q];
        }
      }
    }
  }
  return sum({x.channels, x.side, project(mixed, ".to_out.0")}, x);
}

Image TextbookUnet::denoise(const Image& sample, std::int64_t timestep) const {
  const Row embedding = embed(timestep);
  const std::size_t levels = shape_.widths.size();
  Image x = conv(sample, "conv_in", 1);
  std::vector<Image> skips = {x};
  for (std::size_t level = 0; level < levels; ++level) {
    const std::string block = "down_blocks." + std::to_string(level);
    for (int i = 0; i < shape_.blocks; ++i) {
      x = resnet(x, embedding, block + ".resnets." + std::to_string(i));
      if (level + 1 == levels) {
        x = attention(x, block + ".attentions." + std::to_string(i));
      }
      skips.push_back(x);
    }
    if (level + 1 < levels) {
      x = conv(x, block + ".downsamplers.0.conv", 2);
      skips.push_back(x);
    }
  }
  x = resnet(x, embedding, "mid_block.resnets.0");
  x = resnet(attention(x, "mid_block.attentions.0"), embedding, "mid_block.resnets.1");
  for (std::size_t level = 0; level < levels; ++level) {
    const std::string block = "up_blocks." + std::to_string(level);
    for (int i = 0; i <= shape_.blocks; ++i) {
      x = resnet(stacked(x, skips.back()), embedding, block + ".resnets." + std::to_string(i));
      skips.pop_back();
      if (level == 0) {
        x = attention(x, block + ".attentions." + std::to_string(i));
      }
    }
    if (level + 1 < levels) {
      x = conv(doubled(x), block + ".upsamplers.0.conv", 1);
    }
  }
  return conv(silu(norm(x, "conv_norm_out")), "conv_out", 1);
}

}  // namespace tilewright::test
