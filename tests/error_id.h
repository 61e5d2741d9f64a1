// The id of the Error that `work` throws; empty when it throws none.
#pragma once

#include <functional>
#include <string>

#include "support/error.h"

namespace tilewright {

inline std::string id_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.id();
  }
  return "";
}

}  // namespace tilewright
