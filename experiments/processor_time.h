// Seconds of processor time, which other work of the machine does not lengthen.
#pragma once

namespace tilewright {

double thread_seconds();  // of the calling thread

}  // namespace tilewright
