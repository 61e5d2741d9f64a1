// The denoising U-Net of diffusion models (Ho et al. 2020, appendix B): one step of denoising.
#include <utility>

#include "models/builders.h"
#include "models/exporter_ops.h"
#include "models/models.h"
#include "models/unet_blocks.h"
#include "support/error.h"

namespace tilewright {
namespace models {
namespace {

constexpr auto kFloat = onnx::TensorProto::FLOAT;

void check_shape(const UnetShape& s) {
  const auto refuse = [](const std::string& what) {
    throw Error("TW-MODEL-002", "U-Net shape: " + what);
  };
  if (s.size < 1 || s.channels < 1 || s.widths.empty() || s.blocks < 1 || s.groups < 1 ||
      s.heads < 1) {
    refuse("every size must be at least 1");
  }
  for (const int width : s.widths) {
    if (width < 1 || width % 2 != 0 || width % s.groups != 0) {
      refuse("every width must be even and a multiple of the groups");
    }
  }
  if (s.widths.back() % s.heads != 0) {
    refuse("the last width must be a multiple of the heads");
  }
  if (s.widths.size() > 16 || s.size % (1 << (s.widths.size() - 1)) != 0) {
    refuse("the size must be halved once a level but the last without a rest");
  }
}

// Down, through the middle, and up; what each block on the way down gave waits for its like on the
// way up.
class Unet {
 public:
  Unet(GraphBuilder& g, const UnetShape& shape)
      : g_(g),
        shape_(shape),
        blocks_{g, shape.groups, shape.heads, 4LL * shape.widths.front(), shape.norm_epsilon},
        side_(shape.size) {}

  void emit() {
    const Value sample =
        g_.input("sample", kFloat, {"batch_size", shape_.channels, shape_.size, shape_.size});
    embedding_ = emit_timestep(blocks_, shape_.widths.front(),
                               g_.input("timestep", onnx::TensorProto::INT64, {"batch_size"}));
    now_ = {emit_conv(blocks_, "", "conv_in", {shape_.channels, shape_.widths.front()}, sample),
            shape_.widths.front()};
    skips_.push_back(now_);
    for (std::size_t level = 0; level < shape_.widths.size(); ++level) down(level);
    middle();
    for (std::size_t level = shape_.widths.size(); level-- > 0;) up(level);
    const Value normal =
        emit_silu(blocks_, emit_group_norm(blocks_, "", "conv_norm_out", now_.channels, now_.x));
    emit_conv(blocks_, "", "conv_out", {now_.channels, shape_.channels}, normal, "out_sample");
    g_.output("out_sample", kFloat, {"batch_size", shape_.channels, shape_.size, shape_.size});
  }

 private:
  struct Features {
    Value x;
    std::int64_t channels = 0;
  };

  bool is_lowest(std::size_t level) const { return level + 1 == shape_.widths.size(); }

  // Module NAME of the block `prefix`, in whose scope we are.
  template <typename Emit>
  void module(const std::string& prefix, const std::string& name, Emit emit) {
    const Scope scope(g_, name);
    now_.x = emit(prefix + "." + name);
  }

  void resnet(const std::string& prefix, int index, std::int64_t out) {
    module(prefix, "resnets." + std::to_string(index), [&](const std::string& path) {
      return emit_resnet(blocks_, path, now_.channels, out, now_.x, embedding_);
    });
    now_.channels = out;
  }

  void attention(const std::string& prefix, int index) {
    module(prefix, "attentions." + std::to_string(index), [&](const std::string& path) {
      return emit_attention(blocks_, path, now_.channels, side_, now_.x);
    });
  }

  void down(std::size_t level) {
    const std::string prefix = "down_blocks." + std::to_string(level);
    const Scope scope(g_, prefix);
    for (int i = 0; i < shape_.blocks; ++i) {
      resnet(prefix, i, shape_.widths[level]);
      if (is_lowest(level)) attention(prefix, i);
      skips_.push_back(now_);
    }
    if (is_lowest(level)) return;
    module(prefix, "downsamplers.0", [&](const std::string& path) {
      return emit_conv(blocks_, path, "conv", {now_.channels, now_.channels, 3, 2}, now_.x);
    });
    side_ /= 2;
    skips_.push_back(now_);
  }

  void middle() {
    const std::string prefix = "mid_block";
    const Scope scope(g_, prefix);
    resnet(prefix, 0, now_.channels);
    attention(prefix, 0);
    resnet(prefix, 1, now_.channels);
  }

  // One resnet more than on the way down: for what came in.
  void up(std::size_t level) {
    const std::string prefix = "up_blocks." + std::to_string(shape_.widths.size() - 1 - level);
    const Scope scope(g_, prefix);
    for (int i = 0; i <= shape_.blocks; ++i) {
      const Features skip = std::move(skips_.back());
      skips_.pop_back();
      now_ = {g_.node("Concat", {now_.x, skip.x}, {attribute("axis", std::int64_t{1})}),
              now_.channels + skip.channels};
      resnet(prefix, i, shape_.widths[level]);
      if (is_lowest(level)) attention(prefix, i);
    }
    if (level == 0) return;
    module(prefix, "upsamplers.0", [&](const std::string& path) {
      return emit_upsampler(blocks_, path, now_.channels, now_.x);
    });
    side_ *= 2;
  }

  GraphBuilder& g_;
  const UnetShape& shape_;
  UnetBlocks blocks_;
  std::int64_t side_;
  Value embedding_;  // of the timestep
  Features now_;
  std::vector<Features> skips_;
};

}  // namespace

std::string build_unet_tiny(std::uint64_t seed) {
  return build_unet({.name = "unet-tiny"}, seed);
}

}  // namespace models

std::string build_unet(const UnetShape& shape, std::uint64_t seed) {
  models::check_shape(shape);
  models::GraphBuilder g(shape.name, {models::kFloat, "", seed});
  models::Unet(g, shape).emit();
  return g.serialise();
}

}  // namespace tilewright
