#!/usr/bin/env python3
"""A (1+1) evolution strategy against `tilewright gym`: gym_client.py [PROGRAM] [EVALUATIONS] [SEED]."""
import json
import random
import subprocess
import sys

program = sys.argv[1] if len(sys.argv) > 1 else "tilewright"
budget = int(sys.argv[2]) if len(sys.argv) > 2 else 300
random.seed(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
gym = subprocess.Popen([program, "gym"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def ask(**request):
    gym.stdin.write(json.dumps(request) + "\n")
    gym.stdin.flush()
    answer = json.loads(gym.stdout.readline())
    if not answer["ok"]:
        sys.exit(answer["error"]["what"])
    return answer


def rank(unit):  # feasible before infeasible, then the smaller violation, then the lower score
    result = ask(cmd="evaluate", unit=[unit])["results"][0]
    return (not result["feasible"], result["violation"], result["score"])


best = ask(cmd="open", model="llama-tiny", node="5nm")["initial"]
best_rank, step = rank(best), 0.1
for _ in range(budget - 1):
    child = [min(1, max(0, u + random.gauss(0, step) * (random.random() < 0.2))) for u in best]
    child_rank = rank(child)
    better = child_rank <= best_rank
    step = min(0.5, max(0.005, step * (1.3 if better else 0.93)))
    if better:
        best, best_rank = child, child_rank
ask(cmd="close")
print(f"feasible: {not best_rank[0]}, score {best_rank[2]:.4f} after {budget} evaluations")
