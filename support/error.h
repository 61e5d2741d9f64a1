// Errors at the boundaries. Every message names what is wrong, where, and how to mend it.
#pragma once

#include <stdexcept>
#include <string>

namespace tilewright {

// Whose fault it is, which fixes the exit status of the program.
enum class ErrorKind {
  kInput,     // unusable input: exit status 2
  kCheck,     // a check ran and found something wrong: exit status 1
  kInternal,  // a promise of ours is broken: exit status 2, please report
};

class Error : public std::runtime_error {
 public:
  // `id` is "TW-AREA-NNN" and never reused; `where` is a file, node, tensor or option;
  // `fix` says what the user can do. `where` and `fix` may be empty.
  Error(std::string id, std::string what, std::string where = "", std::string fix = "",
        ErrorKind kind = ErrorKind::kInput);

  const std::string& id() const { return id_; }
  const std::string& message() const { return message_; }
  const std::string& where() const { return where_; }
  const std::string& fix() const { return fix_; }
  ErrorKind kind() const { return kind_; }
  int exit_status() const { return kind_ == ErrorKind::kCheck ? 1 : 2; }

 private:
  std::string id_, message_, where_, fix_;
  ErrorKind kind_;
};

}  // namespace tilewright
