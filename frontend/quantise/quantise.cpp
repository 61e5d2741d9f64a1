#include "frontend/quantise/quantise.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "frontend/interpret/interpreter.h"
#include "frontend/interpret/loops.h"
#include "frontend/onnx_proto.h"
#include "frontend/quantise/sites.h"
#include "frontend/text.h"
#include "support/error.h"

namespace tilewright {
namespace {

using Batches = std::vector<std::vector<Value>>;

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

int levels_of(Narrow kind) {
  return kind == Narrow::kInt4 ? 7 : 127;
}
bool is_integer(Narrow kind) {
  return kind == Narrow::kInt8 || kind == Narrow::kInt4;
}
DType type_of(Narrow kind) {
  switch (kind) {
    case Narrow::kFloat16:
      return DType::kFloat16;
    case Narrow::kBFloat16:
      return DType::kBFloat16;
    case Narrow::kInt8:
      return DType::kInt8;
    case Narrow::kInt4:
      return DType::kInt4;
    default:
      return DType::kFloat32;
  }
}
// --- histograms ---

// Of each channel along `axis` of what was seen of a tensor; one for all with axis -1.
class Watched {
 public:
  explicit Watched(std::int64_t axis) : axis_(axis) {}
  void measure(const Value& value) {
    each(value, [&](std::size_t c, double x) { most_[c] = std::max(most_[c], std::fabs(x)); });
  }
  void fill(const Value& value) {
    if (histograms_.empty()) {
      for (const double m : most_) histograms_.emplace_back(m);
    }
    each(value, [&](std::size_t c, double x) { histograms_[c].add(x); });
  }
  std::vector<double> scales(CalibrationMethod method, int levels, double percentile) const {
    std::vector<double> scales;
    for (const Histogram& h : histograms_) {
      const double threshold = h.threshold(method, levels, percentile);
      scales.push_back(threshold > 0 ? threshold / levels : 1);
    }
    return scales;
  }

 private:
  template <typename F>
  void each(const Value& value, F f) {
    const AxisView v = axis_ < 0 ? AxisView{1, 1, value.count()} : view_axis(value.shape, axis_);
    most_.resize(std::max(most_.size(), at(v.extent)));
    const std::vector<double> x = as_reals(value);
    for (std::size_t j = 0; j < x.size(); ++j) {
      f(at(static_cast<std::int64_t>(j) / v.inner % v.extent), x[j]);
    }
  }
  std::int64_t axis_;
  std::vector<double> most_;
  std::vector<Histogram> histograms_;
};

// --- weights ---

struct Scaled {
  std::vector<double> scales;  // row-major over `shape`
  Shape shape;
  std::int64_t block = 0;  // along the site's reduced axis; 0: none
};

// Which scale belongs to element j.
std::size_t scale_index(std::size_t j, const Shape& shape, const Shape& scales, std::int64_t axis,
                        std::int64_t block) {
  if (scales.empty()) return 0;
  auto rest = static_cast<std::int64_t>(j);
  std::int64_t place = 0, step = 1;
  for (std::size_t a = shape.size(); a-- > 0; rest /= shape[a]) {
    const std::int64_t c = rest % shape[a];
    const bool here = static_cast<std::int64_t>(a) == axis;
    if (scales.size() == 1) {
      if (here) return at(c);
      continue;
    }
    place += (here ? c / block : c) * step;
    step *= scales[a];
  }
  return at(place);
}

Scaled weight_scales(const Value& weight, const Site& site, const ProductNumbers& numbers,
                     const QuantiseOptions& o, CalibrationMethod method) {
  Scaled s;
  const int levels = levels_of(numbers.weights);
  if (numbers.granularity == Granularity::kGroup) {
    s.shape = weight.shape;
    s.block = o.group;
    std::int64_t& groups = s.shape[at(site.reduced)];
    groups = (groups + o.group - 1) / o.group;
    std::vector<double> most(at(product(s.shape)));
    const std::vector<double> x = as_reals(weight);
    for (std::size_t j = 0; j < x.size(); ++j) {
      double& m = most[scale_index(j, weight.shape, s.shape, site.reduced, o.group)];
      m = std::max(m, std::fabs(x[j]));
    }
    for (const double m : most) s.scales.push_back(m > 0 ? m / levels : 1);
    return s;
  }
  Watched watched(numbers.granularity == Granularity::kChannel ? site.axis : -1);
  watched.measure(weight);
  watched.fill(weight);
  s.scales = watched.scales(method, levels, o.percentile);
  if (numbers.granularity == Granularity::kChannel)
    s.shape = {static_cast<std::int64_t>(s.scales.size())};
  return s;
}

Value reals(const std::vector<double>& values, const Shape& shape) {
  Value value = make_value(DType::kFloat32, shape, Precision::kDeclared);
  std::get<std::vector<float>>(value.elements) = {values.begin(), values.end()};
  return value;
}

double decibel(double signal, double noise) {
  if (noise == 0) return std::numeric_limits<double>::infinity();
  return signal == 0 ? -std::numeric_limits<double>::infinity() : 10 * std::log10(signal / noise);
}

double snr(const std::vector<double>& x, const std::vector<double>& y) {
  double signal = 0, noise = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    signal += x[i] * x[i];
    noise += (x[i] - y[i]) * (x[i] - y[i]);
  }
  return decibel(signal, noise);
}

// What is asked of every product: by the name of its weight, if it has one.
class Asked {
 public:
  Asked(const Graph& graph, const Sites& sites, const QuantiseOptions& options)
      : usual_(options.numbers) {
    for (const Site& site : sites.weights) {
      const std::int32_t weight = graph.nodes[at(site.node)].inputs[site.slot];
      const auto other = options.others.find(graph.tensors[at(weight)].name);
      if (other != options.others.end()) others_.emplace(site.node, other->second);
    }
  }
  const ProductNumbers& of(const Site& site) const {
    const auto other = others_.find(site.node);
    return other == others_.end() ? usual_ : other->second;
  }
  bool any(const std::vector<Site>& sites, Narrow ProductNumbers::*operand) const {
    return std::any_of(sites.begin(), sites.end(),
                       [&](const Site& site) { return of(site).*operand != Narrow::kNone; });
  }

 private:
  const ProductNumbers& usual_;
  std::map<std::int32_t, ProductNumbers> others_;  // by node
};

// --- one quantised graph ---

class Rewriter {
 public:
  Rewriter(const Graph& graph, const Sites& sites, const Asked& asked,
           const QuantiseOptions& options, CalibrationMethod method,
           const std::map<std::int32_t, Watched>& seen)
      : graph_(graph),
        edit_(graph_),
        sites_(sites),
        asked_(asked),
        o_(options),
        method_(method),
        seen_(seen) {}

  // Weight SNR by node, bytes before and after go into `model`.
  Graph run(QuantisedModel& model, std::map<std::int32_t, double>& weight_snr) {
    for (const Site& site : sites_.weights) {
      const ProductNumbers& numbers = asked_.of(site);
      if (numbers.weights != Narrow::kNone) weight_snr[site.node] = weight(site, numbers, model);
    }
    for (const Site& site : sites_.activations) {
      const Narrow kind = asked_.of(site).activations;
      if (kind != Narrow::kNone) activation(site, kind, -1);
    }
    if (o_.cache != Narrow::kNone) {
      for (const Site& site : sites_.cache) {
        is_integer(o_.cache) && !o_.fixed_cache_scales ? token_scaled(site)
                                                       : activation(site, o_.cache, site.axis);
      }
    }
    edit_.finish();
    return std::move(graph_);
  }

 private:
  std::string name(std::int32_t tensor, const char* what) const {
    return edit_.tensor(tensor).name + "/" + what;
  }

  double weight(const Site& site, const ProductNumbers& numbers, QuantisedModel& model) {
    const std::int32_t from = edit_.node(site.node).inputs[site.slot];
    const Value value = constant_value(graph_, edit_.tensor(from), Precision::kDeclared);
    std::int32_t stored = -1, used = -1;
    std::int64_t bytes = 0;
    if (const auto done = weights_.find({from, site.axis}); done != weights_.end()) {
      used = done->second.first;
      edit_.set_input(site.node, site.slot, used);
      return done->second.second;
    }
    std::vector<double> approximate;
    if (is_integer(numbers.weights)) {
      const Scaled s = weight_scales(value, site, numbers, o_, method_);
      const std::vector<double> x = as_reals(value);
      const double least = -levels_of(numbers.weights) - 1, most = levels_of(numbers.weights);
      const std::int64_t axis = s.block > 0 ? site.reduced : site.axis;
      std::vector<double> whole(x.size());
      for (std::size_t j = 0; j < x.size(); ++j) {
        const double scale = static_cast<double>(
            static_cast<float>(s.scales[scale_index(j, value.shape, s.shape, axis, s.block)]));
        whole[j] = std::clamp(std::nearbyint(x[j] / scale), least, most);
        approximate.push_back(whole[j] * scale);
      }
      Value integers = make_value(DType::kFloat64, value.shape, Precision::kDeclared);
      integers.elements = std::move(whole);
      stored = edit_.add_weight(converted(integers, type_of(numbers.weights), Precision::kDeclared),
                                name(from, "quantised"));
      const std::int32_t scale = edit_.add_weight(reals(s.scales, s.shape), name(from, "scale"));
      std::map<std::string, Attribute> attributes;
      if (!s.shape.empty()) attributes["axis"] = axis;
      if (s.block > 0) attributes["block_size"] = s.block;
      used =
          edit_.add_op("DequantizeLinear", {stored, scale}, attributes, name(from, "dequantised"));
      bytes = dtype_bytes(type_of(numbers.weights), value.count()) +
              4 * static_cast<std::int64_t>(s.scales.size());
    } else {
      const Value narrow = converted(value, type_of(numbers.weights), Precision::kDeclared);
      approximate = as_reals(narrow);
      stored = edit_.add_weight(narrow, name(from, "narrow"));
      used = edit_.add_op("Cast", {stored}, {{"to", proto::number_of(value.type)}},
                          name(from, "wide"));
      bytes = dtype_bytes(narrow.type, value.count());
    }
    used = widened(used, edit_.tensor(from).type, from);
    const double db = snr(as_reals(value), approximate);
    weights_[{from, site.axis}] = {used, db};
    model.bytes_before += dtype_bytes(value.type, value.count());
    model.bytes_after += bytes;
    edit_.set_input(site.node, site.slot, used);
    return db;
  }

  // In the type that the operator wants.
  std::int32_t widened(std::int32_t tensor, DType type, std::int32_t from) {
    if (edit_.tensor(tensor).type == type) return tensor;
    return edit_.add_op("Cast", {tensor}, {{"to", proto::number_of(type)}},
                        name(from, "as_declared"));
  }

  std::int32_t scalar(double x, DType type, std::int32_t from, const char* what) {
    Value value = make_value(DType::kFloat64, {}, Precision::kDeclared);
    std::get<std::vector<double>>(value.elements)[0] = x;
    return edit_.add_constant(converted(value, type, Precision::kDeclared), name(from, what));
  }

  // round(x / s) s with s = max |x| / levels over the head's elements of a token.
  void token_scaled(const Site& site) {
    const std::int32_t from = edit_.node(site.node).inputs[site.slot];
    const DType type = edit_.tensor(from).type;
    std::int32_t& used = activations_[{from, site.axis, o_.cache}];
    if (used == 0) {
      const auto op = [&](const char* kind, std::vector<std::int32_t> inputs, const char* what,
                          std::map<std::string, Attribute> attributes = {}) {
        return edit_.add_op(kind, std::move(inputs), std::move(attributes), name(from, what));
      };
      const std::int32_t wide = widened(from, DType::kFloat32, from);
      const std::int32_t most =
          op("ReduceMax", {op("Abs", {wide}, "magnitude")}, "largest", {{"axes", Shape{-1}}});
      const std::int32_t share = scalar(1.0 / levels_of(o_.cache), DType::kFloat32, from, "share");
      const std::int32_t least = scalar(1e-30, DType::kFloat32, from, "least");
      const std::int32_t scale = op("Max", {op("Mul", {most, share}, "step"), least}, "scale");
      const std::int32_t whole = op("Round", {op("Div", {wide, scale}, "scaled")}, "rounded");
      const std::int64_t stored = proto::number_of(type_of(o_.cache));
      const std::int32_t narrow = op("Cast", {whole}, "quantised", {{"to", stored}});
      const std::int32_t back =
          op("Cast", {narrow}, "whole", {{"to", proto::number_of(DType::kFloat32)}});
      used = widened(op("Mul", {back, scale}, "dequantised"), type, from);
    }
    edit_.set_input(site.node, site.slot, used);
  }

  void activation(const Site& site, Narrow kind, std::int64_t axis) {
    const std::int32_t from = edit_.node(site.node).inputs[site.slot];
    const DType type = edit_.tensor(from).type;
    std::int32_t& used = activations_[{from, axis, kind}];
    if (used == 0 && !is_integer(kind)) {
      const std::int32_t narrow = edit_.add_op(
          "Cast", {from}, {{"to", proto::number_of(type_of(kind))}}, name(from, "narrow"));
      used = edit_.add_op("Cast", {narrow}, {{"to", proto::number_of(type)}}, name(from, "wide"));
    } else if (used == 0) {
      const std::vector<double> scales =
          seen_.at(from).scales(method_, levels_of(kind), o_.percentile);
      const bool single = axis < 0;
      const std::int32_t scale = edit_.add_weight(
          reals(scales, single ? Shape{} : Shape{static_cast<std::int64_t>(scales.size())}),
          name(from, "scale"));
      Value zeros = make_value(type_of(kind), edit_.tensor(scale).shape, Precision::kDeclared);
      const std::int32_t zero = edit_.add_constant(zeros, name(from, "zero"));
      std::map<std::string, Attribute> attributes;
      if (!single) attributes["axis"] = axis;
      const std::int32_t wide = widened(from, DType::kFloat32, from);
      const std::int32_t q =
          edit_.add_op("QuantizeLinear", {wide, scale, zero}, attributes, name(from, "quantised"));
      used = widened(
          edit_.add_op("DequantizeLinear", {q, scale, zero}, attributes, name(from, "dequantised")),
          type, from);
    }
    edit_.set_input(site.node, site.slot, used);
  }

  Graph graph_;
  GraphEditor edit_;
  const Sites& sites_;
  const Asked& asked_;
  const QuantiseOptions& o_;
  CalibrationMethod method_;
  const std::map<std::int32_t, Watched>& seen_;
  std::map<std::pair<std::int32_t, std::int32_t>, std::pair<std::int32_t, double>> weights_;
  std::map<std::tuple<std::int32_t, std::int64_t, Narrow>, std::int32_t>
      activations_;  // 0: none yet
};

// --- runs ---

// Outputs of all batches, and of the first batch the tensors named.
struct Trace {
  std::vector<std::vector<Value>> outputs;
  std::map<std::string, std::vector<double>> tensors;
};

Trace trace(const Graph& graph, const Batches& batches, const std::set<std::string>& names) {
  Trace t;
  Interpreter interpreter(graph);
  interpreter.watch([&](const Node&, std::int32_t tensor, const Value& value) {
    const std::string& name = graph.tensors[at(tensor)].name;
    if (t.outputs.empty() && names.contains(name)) t.tensors[name] = as_reals(value);
  });
  for (const auto& batch : batches) t.outputs.push_back(interpreter.run(batch));
  return t;
}

void watch_sites(const Graph& graph, const Batches& batches, const Sites& sites, const Asked& asked,
                 const QuantiseOptions& o, std::map<std::int32_t, Watched>& seen) {
  const auto add = [&](const Site& site, Narrow kind, std::int64_t axis) {
    if (is_integer(kind))
      seen.try_emplace(graph.nodes[at(site.node)].inputs[site.slot], Watched(axis));
  };
  for (const Site& site : sites.cache) {
    if (o.fixed_cache_scales) add(site, o.cache, site.axis);
  }
  for (const Site& site : sites.activations) add(site, asked.of(site).activations, -1);
  if (seen.empty()) return;
  Interpreter interpreter(graph);
  for (const bool fill : {false, true}) {
    const auto look = [&](std::int32_t tensor, const Value& value) {
      const auto entry = seen.find(tensor);
      if (entry == seen.end()) return;
      fill ? entry->second.fill(value) : entry->second.measure(value);
    };
    interpreter.watch(
        [&](const Node&, std::int32_t tensor, const Value& value) { look(tensor, value); });
    for (const auto& batch : batches) {
      for (std::size_t i = 0; i < batch.size(); ++i) look(graph.inputs[i], batch[i]);
      interpreter.run(batch);
    }
  }
}

// Of the first output over all batches.
void compare_outputs(const Trace& exact, const Trace& narrow, QuantisedModel& model) {
  std::vector<double> x, y;
  double rows = 0, same = 0;
  for (std::size_t b = 0; b < exact.outputs.size(); ++b) {
    const Value& value = exact.outputs[b].at(0);
    const std::vector<double> p = as_reals(value), q = as_reals(narrow.outputs[b].at(0));
    x.insert(x.end(), p.begin(), p.end());
    y.insert(y.end(), q.begin(), q.end());
    const std::size_t width = value.shape.empty() ? 1 : at(value.shape.back());
    for (std::size_t first = 0; width > 0 && first + width <= p.size(); first += width) {
      const auto largest = [&](const std::vector<double>& v) {
        const auto from = v.begin() + static_cast<std::ptrdiff_t>(first);
        return std::max_element(from, from + static_cast<std::ptrdiff_t>(width)) - from;
      };
      ++rows;
      same += largest(p) == largest(q) ? 1 : 0;
    }
  }
  model.output_snr_db = snr(x, y);
  model.argmax_agreement = rows == 0 ? 1 : same / rows;
}

void check(const Graph& graph, const Batches& batches, const Sites& sites, const Asked& asked,
           const QuantiseOptions& o) {
  const auto refuse = [&](const std::string& what, const std::string& fix) {
    throw Error("TW-QUANT-001", what, printable(graph.name), fix);
  };
  if (batches.empty()) refuse("no inputs to calibrate with", "give at least one set of inputs");
  const bool any = asked.any(sites.weights, &ProductNumbers::weights) ||
                   asked.any(sites.activations, &ProductNumbers::activations) ||
                   (o.cache != Narrow::kNone && !sites.cache.empty());
  if (!any)
    refuse("nothing of what was asked for is there to quantise",
           "see what the model has with inspect");
  if (o.group < 1) refuse("a group of " + std::to_string(o.group), "");
}

}  // namespace

QuantisedModel quantise(const Graph& graph, const Batches& batches,
                        const QuantiseOptions& options) {
  const Sites sites = find_sites(graph);
  const Asked asked(graph, sites, options);
  check(graph, batches, sites, asked, options);
  std::map<std::int32_t, Watched> seen;
  watch_sites(graph, batches, sites, asked, options, seen);
  std::set<std::string> names;
  std::map<std::int32_t, std::string> layers;  // node -> its output's name
  for (const auto* const list : {&sites.weights, &sites.activations}) {
    for (const Site& site : *list) {
      const std::string& name = graph.tensors[at(graph.nodes[at(site.node)].outputs.at(0))].name;
      layers[site.node] = name;
      names.insert(name);
    }
  }
  const Trace exact = trace(graph, batches, names);
  std::vector<CalibrationMethod> methods = {options.calibration};
  if (options.calibration == CalibrationMethod::kBest) {
    methods = {CalibrationMethod::kMinMax, CalibrationMethod::kPercentile, CalibrationMethod::kKl};
  }
  QuantisedModel best{};
  bool first = true;
  for (const CalibrationMethod method : methods) {
    QuantisedModel model{};
    model.calibration = method;
    std::map<std::int32_t, double> weight_snr;
    model.graph = Rewriter(graph, sites, asked, options, method, seen).run(model, weight_snr);
    const Trace narrow = trace(model.graph, batches, names);
    compare_outputs(exact, narrow, model);
    for (const auto& [node, name] : layers) {
      const Node& n = graph.nodes[at(node)];
      const auto weight = weight_snr.find(node);
      const auto a = exact.tensors.find(name), b = narrow.tensors.find(name);
      const bool both = a != exact.tensors.end() && b != narrow.tensors.end();
      constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
      model.layers.push_back({n.name, n.type, weight == weight_snr.end() ? kNone : weight->second,
                              both ? snr(a->second, b->second) : kNone});
    }
    if (first || model.output_snr_db > best.output_snr_db) best = std::move(model);
    first = false;
  }
  return best;
}

}  // namespace tilewright
