// Hazard estimates of one operator, from the dependence structure of its inner loop.
#pragma once

#include "frontend/workload.h"

namespace tilewright {

// Fills raw, war, waw: adjacent dependent pairs per instruction of the loop that a scalar machine
// runs.
//   product      load a, load b, multiply-accumulate: the accumulate waits for b (RAW 1/3); the
//   next load
//                overwrites what it read (WAR 1/3); it rewrites its accumulator but for the last of
//                the k steps (WAW (1 - 1/k)/3).
//   element work load, c chained steps, store (c = steps an element): RAW (c + 1)/(c + 2); the next
//   load
//                overwrites what the store read (WAR 1/(c + 2)); steps in place (WAW (c - 1)/(c +
//                2)).
//   reduction    load, c steps, the last into the accumulator: RAW c/(c + 1), WAR and WAW 1/(c +
//   1). movement     load, store: RAW 1/2, WAR 1/2. none         0.
// `elements`: elements that the loop runs over, to find c.
void estimate_hazards(WorkOp& op, double elements);

}  // namespace tilewright
