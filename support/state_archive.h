// The state of a search or a network as bytes. One function of a class names its fields, for
// writing and for reading alike, so that the two can't differ:
//   void persist(StateArchive& archive) { archive(count_, rows_); }
// The bytes are cereal's, of this machine's byte order.
#pragma once

#include <cereal/archives/binary.hpp>
#include <cereal/types/array.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/utility.hpp>
#include <cereal/types/vector.hpp>
#include <memory>
#include <new>
#include <sstream>
#include <string>

#include "support/random.h"

namespace tilewright {

class StateArchive {
 public:
  StateArchive();                                     // writes
  StateArchive(std::string bytes, std::string name);  // reads; `name` is for errors
  bool reads() const { return in_ != nullptr; }

  // Throws Error TW-STATE-002 when the bytes end early or hold something else.
  template <typename... Fields>
  void operator()(Fields&... fields) {
    if (!reads()) {
      (*out_)(fields...);
      return;
    }
    try {
      (*in_)(fields...);
    } catch (const cereal::Exception&) {
      refuse();
    } catch (const std::bad_alloc&) {
      refuse();
    } catch (const std::length_error&) {
      refuse();
    }
  }
  // What was read must be `right`.
  void require(bool right) const {
    if (!right) refuse();
  }

  std::string bytes() const { return stream_.str(); }  // of what was written
  void finish();  // Throws Error TW-STATE-002 when bytes are left that nobody read.

 private:
  [[noreturn]] void refuse() const;

  std::string name_;
  std::stringstream stream_;
  std::unique_ptr<cereal::BinaryOutputArchive> out_;
  std::unique_ptr<cereal::BinaryInputArchive> in_;
};

template <class Archive>
std::string save_minimal(const Archive& /*archive*/, const RandomStream& random) {
  return random.save();
}
template <class Archive>
void load_minimal(const Archive& /*archive*/, RandomStream& random, const std::string& text) {
  random.restore(text);
}

// Bytes with what they are (a name with a version) and their hash in front, for files.
std::string sealed(const std::string& kind, const std::string& bytes);
// Throws Error TW-STATE-001: of another kind, cut short or damaged.
std::string unsealed(const std::string& kind, const std::string& text, const std::string& where);

}  // namespace tilewright
