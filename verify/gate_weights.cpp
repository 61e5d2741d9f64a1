// The weight images, added up again from weights/manifest.json and the files: every element of
// every tensor on exactly one tile, images as long as their slices, hashes right, sums equal.
#include <algorithm>
#include <map>

#include "support/error.h"
#include "support/file.h"
#include "support/json.h"
#include "verify/artifact.h"
#include "verify/gates.h"

namespace tilewright {
namespace fs = std::filesystem;
namespace {

using Range = std::pair<std::int64_t, std::int64_t>;

struct Sums {
  std::map<std::string, std::vector<Range>> elements;  // by tensor
  std::map<std::string, std::int64_t> bytes;           // by tensor
  std::int64_t total = 0;
  std::size_t images = 0;
};

Error wrong(const std::string& what, const std::string& where) {
  return Error("TW-VERIFY-010", what, where, "compile the model again", ErrorKind::kCheck);
}

void add_image(const fs::path& folder, const Json& image, Sums& sums) {
  const auto file = required<std::string>(image, "file", "weights/manifest.json");
  const auto bytes = required<std::int64_t>(image, "bytes", file);
  if (!inside_folder(file) || !fs::is_regular_file(fs::symlink_status(folder / file))) {
    throw wrong("the weight image is missing", file);
  }
  if (static_cast<std::int64_t>(fs::file_size(folder / file)) != bytes) {
    throw wrong("the weight image is not " + std::to_string(bytes) + " bytes long", file);
  }
  if (sha256_of_file(folder / file) != required<std::string>(image, "sha256", file)) {
    throw wrong("the weight image's SHA-256 is not the manifest's", file);
  }
  std::int64_t at = 0;
  for (const Json& slice : required<Json>(image, "slices", file)) {
    const auto tensor = required<std::string>(slice, "tensor", file);
    const auto length = required<std::int64_t>(slice, "bytes", file);
    if (required<std::int64_t>(slice, "offset", file) != at || length < 0) {
      throw wrong("slices do not follow each other in the image", file);
    }
    at += length;
    sums.bytes[tensor] += length;
    sums.elements[tensor].emplace_back(required<std::int64_t>(slice, "begin", file),
                                       required<std::int64_t>(slice, "end", file));
  }
  if (at != bytes) {
    throw wrong("the slices do not add up to the image", file);
  }
  sums.total += bytes;
  ++sums.images;
}

void check_tensor(const Json& tensor, Sums& sums) {
  const auto name = required<std::string>(tensor, "name", "weights/manifest.json");
  const std::string where = "tensor '" + name + "'";
  std::vector<Range>& ranges = sums.elements[name];
  std::sort(ranges.begin(), ranges.end());
  std::int64_t at = 0;
  for (const auto& [begin, end] : ranges) {
    if (begin != at || end <= begin) {
      throw wrong("elements from " + std::to_string(at) + " are not on exactly one tile", where);
    }
    at = end;
  }
  if (at != required<std::int64_t>(tensor, "elements", where)) {
    throw wrong("the last elements are on no tile", where);
  }
  if (sums.bytes[name] != required<std::int64_t>(tensor, "bytes", where)) {
    throw wrong("the bytes of the slices are not the tensor's", where);
  }
}

}  // namespace

GateResult gate_weights(const fs::path& folder, const GateOptions&) {
  if (!fs::exists(folder / "weights")) {
    return not_run("no weight images were generated");
  }
  const Json manifest = read_json(folder / "weights/manifest.json");
  check_schema(manifest, "tilewright.weights", 1, "weights/manifest.json");
  Sums sums;
  for (const Json& image : required<Json>(manifest, "images", "weights/manifest.json")) {
    add_image(folder, image, sums);
  }
  std::size_t tensors = 0;
  for (const Json& tensor : required<Json>(manifest, "tensors", "weights/manifest.json")) {
    check_tensor(tensor, sums);
    ++tensors;
  }
  if (tensors != sums.elements.size()) {
    throw wrong("a slice is of a tensor that is not listed", "weights/manifest.json");
  }
  if (sums.total != required<std::int64_t>(manifest, "bytes", "weights/manifest.json")) {
    throw wrong("the images do not add up to the model's bytes", "weights/manifest.json");
  }
  return passed(std::to_string(tensors) + " tensors in " + std::to_string(sums.images) +
                " images, " + std::to_string(sums.total) + " bytes");
}

}  // namespace tilewright
