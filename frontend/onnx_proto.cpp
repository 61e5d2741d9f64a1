#include "frontend/onnx_proto.h"

#include <array>

#include "frontend/wire.h"
#include "support/error.h"

namespace tilewright::proto {
namespace {

// Subgraphs inside subgraphs: deeper than any exporter writes, shallower than the stack.
constexpr int kMaxDepth = 24;

GraphView parse_graph(std::string_view bytes, const std::string& file, int depth);

// Counts the elements of a typed data list, packed or not.
std::int64_t list_length(const WireReader& reader, const Field& field, std::size_t width) {
  if (field.type != WireType::kBytes) {
    const WireType single = width == 4   ? WireType::kFixed32
                            : width == 8 ? WireType::kFixed64
                                         : WireType::kVarint;
    if (field.type != single) reader.broken("a number has the width of another type");
    return 1;
  }
  if (width == 0) {
    const std::int64_t count = count_varints(field.bytes);
    if (count < 0) {
      reader.broken("a list of integers is cut off");
    }
    return count;
  }
  if (field.bytes.size() % width != 0) {
    reader.broken("a list of numbers is cut off");
  }
  return static_cast<std::int64_t>(field.bytes.size() / width);
}

std::pair<std::string_view, std::string_view> parse_entry(std::string_view bytes,
                                                          const std::string& file) {
  WireReader reader(bytes, "StringStringEntryProto", file);
  std::pair<std::string_view, std::string_view> entry;
  for (Field field; reader.next(field);) {
    if (field.number == 1) {
      entry.first = reader.bytes(field);
    } else if (field.number == 2) {
      entry.second = reader.bytes(field);
    }
  }
  return entry;
}

void parse_tensor_field(const WireReader& reader, const Field& field, TensorView& tensor) {
  switch (field.number) {
    case 1:
      return reader.integers(field, tensor.dims);
    case 2:
      tensor.data_type = reader.integer(field);
      return;
    case 3:
      tensor.segmented = true;
      return;
    case 4:
      tensor.floats += list_length(reader, field, 4);
      return;
    case 5:
      tensor.int32s += list_length(reader, field, 0);
      return;
    case 6:
      static_cast<void>(reader.bytes(field));
      tensor.strings += 1;
      return;
    case 7:
      tensor.int64s += list_length(reader, field, 0);
      return;
    case 8:
      tensor.name = reader.bytes(field);
      return;
    case 9:
      tensor.raw = reader.bytes(field);
      tensor.has_raw = true;
      return;
    case 10:
      tensor.doubles += list_length(reader, field, 8);
      return;
    case 11:
      tensor.uint64s += list_length(reader, field, 0);
      return;
    case 13:
      tensor.external_data.push_back(parse_entry(reader.bytes(field), reader.file()));
      return;
    case 14:
      tensor.external = reader.integer(field) == 1;
      return;
    default:
      return;
  }
}

Dim parse_dim(std::string_view bytes, const std::string& file) {
  WireReader reader(bytes, "TensorShapeProto.Dimension", file);
  Dim dim;
  for (Field field; reader.next(field);) {
    if (field.number == 1) {
      dim = Dim{true, reader.integer(field), {}};
    } else if (field.number == 2) {
      dim = Dim{false, 0, reader.bytes(field)};
    }
  }
  return dim;
}

void parse_tensor_type(std::string_view bytes, const std::string& file, ValueView& value) {
  WireReader reader(bytes, "TypeProto.Tensor", file);
  for (Field field; reader.next(field);) {
    if (field.number == 1) {
      value.data_type = reader.integer(field);
    } else if (field.number == 2) {
      value.has_shape = true;
      value.dims.clear();
      WireReader shape(reader.bytes(field), "TensorShapeProto", file);
      for (Field dim; shape.next(dim);) {
        if (dim.number == 1) {
          value.dims.push_back(parse_dim(shape.bytes(dim), file));
        }
      }
    }
  }
}

ValueView parse_value(std::string_view bytes, const std::string& file) {
  WireReader reader(bytes, "ValueInfoProto", file);
  ValueView value;
  for (Field field; reader.next(field);) {
    if (field.number == 1) {
      value.name = reader.bytes(field);
    } else if (field.number == 2) {
      WireReader type(reader.bytes(field), "TypeProto", file);
      for (Field kind; type.next(kind);) {
        if (kind.number == 1) {
          value.is_tensor = true;
          parse_tensor_type(type.bytes(kind), file, value);
        } else if (kind.number != 6) {
          value.other_type = true;
        }
      }
    }
  }
  return value;
}

AttributeView parse_attribute(std::string_view bytes, const std::string& file, int depth) {
  WireReader reader(bytes, "AttributeProto", file);
  AttributeView attribute;
  for (Field field; reader.next(field);) {
    switch (field.number) {
      case 1:
        attribute.name = reader.bytes(field);
        break;
      case 2:
        attribute.f = reader.real(field);
        break;
      case 3:
        attribute.i = reader.integer(field);
        break;
      case 4:
        attribute.s = reader.bytes(field);
        break;
      case 5:
        attribute.tensor = std::make_shared<TensorView>(parse_tensor(reader.bytes(field), file));
        break;
      case 6:
        attribute.graph =
            std::make_shared<GraphView>(parse_graph(reader.bytes(field), file, depth + 1));
        break;
      case 7:
        reader.reals(field, attribute.floats);
        break;
      case 8:
        reader.integers(field, attribute.ints);
        break;
      case 9:
        attribute.strings.push_back(reader.bytes(field));
        break;
      case 20:
        attribute.type = reader.integer(field);
        break;
      case 21:
        attribute.reference = reader.bytes(field);
        break;
      default:
        break;
    }
  }
  return attribute;
}

NodeView parse_node(std::string_view bytes, const std::string& file, int depth) {
  WireReader reader(bytes, "NodeProto", file);
  NodeView node;
  for (Field field; reader.next(field);) {
    switch (field.number) {
      case 1:
        node.inputs.push_back(reader.bytes(field));
        break;
      case 2:
        node.outputs.push_back(reader.bytes(field));
        break;
      case 3:
        node.name = reader.bytes(field);
        break;
      case 4:
        node.type = reader.bytes(field);
        break;
      case 5:
        node.attributes.push_back(parse_attribute(reader.bytes(field), file, depth));
        break;
      case 7:
        node.domain = reader.bytes(field);
        break;
      case 8:
        node.overload = reader.bytes(field);
        break;
      default:
        break;
    }
  }
  if (node.domain == "ai.onnx") {
    node.domain = "";
  }
  return node;
}

SparseView parse_sparse(std::string_view bytes, const std::string& file) {
  WireReader reader(bytes, "SparseTensorProto", file);
  SparseView sparse;
  for (Field field; reader.next(field);) {
    if (field.number == 1) {
      sparse.values = parse_tensor(reader.bytes(field), file);
    } else if (field.number == 3) {
      reader.integers(field, sparse.dims);
    }
  }
  return sparse;
}

GraphView parse_graph(std::string_view bytes, const std::string& file, int depth) {
  if (depth > kMaxDepth) {
    throw Error("TW-ONNX-005",
                "graphs are nested deeper than " + std::to_string(kMaxDepth) + " levels", file);
  }
  WireReader reader(bytes, "GraphProto", file);
  GraphView graph;
  for (Field field; reader.next(field);) {
    switch (field.number) {
      case 1:
        graph.nodes.push_back(parse_node(reader.bytes(field), file, depth));
        break;
      case 2:
        graph.name = reader.bytes(field);
        break;
      case 5:
        graph.initialisers.push_back(parse_tensor(reader.bytes(field), file));
        break;
      case 11:
        graph.inputs.push_back(parse_value(reader.bytes(field), file));
        break;
      case 12:
        graph.outputs.push_back(parse_value(reader.bytes(field), file));
        break;
      case 13:
        graph.values.push_back(parse_value(reader.bytes(field), file));
        break;
      case 15:
        graph.sparse_initialisers.push_back(parse_sparse(reader.bytes(field), file));
        break;
      default:
        break;
    }
  }
  return graph;
}

FunctionView parse_function(std::string_view bytes, const std::string& file) {
  WireReader reader(bytes, "FunctionProto", file);
  FunctionView function;
  for (Field field; reader.next(field);) {
    switch (field.number) {
      case 1:
        function.name = reader.bytes(field);
        break;
      case 4:
        function.inputs.push_back(reader.bytes(field));
        break;
      case 5:
        function.outputs.push_back(reader.bytes(field));
        break;
      case 7:
        function.nodes.push_back(parse_node(reader.bytes(field), file, 0));
        break;
      case 10:
        function.domain = reader.bytes(field);
        break;
      case 11:
        function.defaults.push_back(parse_attribute(reader.bytes(field), file, 0));
        break;
      case 13:
        function.overload = reader.bytes(field);
        break;
      default:
        break;
    }
  }
  return function;
}

std::pair<std::string_view, std::int64_t> parse_opset(std::string_view bytes,
                                                      const std::string& file) {
  WireReader reader(bytes, "OperatorSetIdProto", file);
  std::pair<std::string_view, std::int64_t> opset{"", 0};
  for (Field field; reader.next(field);) {
    if (field.number == 1) {
      opset.first = reader.bytes(field);
    } else if (field.number == 2) {
      opset.second = reader.integer(field);
    }
  }
  if (opset.first == "ai.onnx") {
    opset.first = "";
  }
  return opset;
}

}  // namespace

TensorView parse_tensor(std::string_view bytes, const std::string& file) {
  WireReader reader(bytes, "TensorProto", file);
  TensorView tensor;
  tensor.message = bytes;
  for (Field field; reader.next(field);) {
    parse_tensor_field(reader, field, tensor);
  }
  return tensor;
}

ModelView parse_model(std::string_view bytes, const std::string& file) {
  WireReader reader(bytes, "ModelProto", file);
  ModelView model;
  for (Field field; reader.next(field);) {
    switch (field.number) {
      case 1:
        model.ir_version = reader.integer(field);
        break;
      case 7:
        if (model.has_graph) {
          throw Error("TW-ONNX-004", "the file holds two graphs", file);
        }
        model.has_graph = true;
        model.graph = parse_graph(reader.bytes(field), file, 0);
        break;
      case 8:
        model.opsets.push_back(parse_opset(reader.bytes(field), file));
        break;
      case 25:
        model.functions.push_back(parse_function(reader.bytes(field), file));
        break;
      default:
        break;
    }
  }
  return model;
}

DType data_type(std::int64_t number) {
  // By number in TensorProto.DataType.
  constexpr std::array<DType, 27> kTypes = {
      DType::kUndefined,      DType::kFloat32,    DType::kUint8,
      DType::kInt8,           DType::kUint16,     DType::kInt16,
      DType::kInt32,          DType::kInt64,      DType::kString,
      DType::kBool,           DType::kFloat16,    DType::kFloat64,
      DType::kUint32,         DType::kUint64,     DType::kComplex64,
      DType::kComplex128,     DType::kBFloat16,   DType::kFloat8E4M3FN,
      DType::kFloat8E4M3FNUZ, DType::kFloat8E5M2, DType::kFloat8E5M2FNUZ,
      DType::kUint4,          DType::kInt4,       DType::kFloat4E2M1,
      DType::kFloat8E8M0,     DType::kUint2,      DType::kInt2};
  const bool known = number >= 0 && number < static_cast<std::int64_t>(kTypes.size());
  return known ? kTypes[static_cast<std::size_t>(number)] : DType::kUndefined;
}

std::int64_t number_of(DType type) {
  constexpr std::int64_t kNumbers = 27;
  std::int64_t number = 0;
  while (number < kNumbers && data_type(number) != type) ++number;
  return number < kNumbers ? number : 0;
}

}  // namespace tilewright::proto
