// Models of the PULP tools (Deeploy, QuantLib) name integer operators of their own in the default
// domain.
#pragma once

#include "frontend/graph.h"

namespace tilewright {

// Their Softmax normalises along the last axis whatever the operator set, where ONNX before opset
// 13 means all axes from 1 on. Says so in the attribute of a graph that uses one of their
// operators.
void settle_pulp_dialect(Graph& graph);

}  // namespace tilewright
