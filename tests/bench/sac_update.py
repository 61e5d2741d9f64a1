"""One SAC update in Python PyTorch as CleanRL writes it: the yardstick of bench_agent_update.

Sizes and mathematics are those of agents/torch/sac.cpp with its defaults: 52 states, four heads of
five choices, 26 moves (and four idle ones), hidden 256, batch 256, critics with layer norm and the
place of arrival, a mixture of experts, importance weights in, priorities out. Replay sampling is
left out, as it is there; noise is drawn within the update, as it is there.

usage: sac_update.py [--threads N] [--experts K] [--seconds S] [--repetitions R] [--foreach]
Prints "python threads N experts K blas N: MS ms, UPDATES updates/s" (medians of the repetitions).
"""
import argparse
import math
import os
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim

STATES, HEADS, CHOICES, MOVES, IDLE, HIDDEN, BATCH = 52, 4, 5, 26, 4, 256, 256
ONE_HOT, STEPS = HEADS * CHOICES, HEADS + MOVES
WIDTH = ONE_HOT + 2 * (IDLE + MOVES)
GAMMA, TAU, RATE, BALANCE = 0.5, 0.005, 1e-3, 0.01
PLACES, GAINS = torch.arange(STEPS), torch.full((STEPS,), 0.1)
CHOICE_VALUES = torch.arange(CHOICES, dtype=torch.float32) - CHOICES // 2


class Actor(nn.Module):
    def __init__(self, experts):
        super().__init__()
        self.experts = experts
        self.fc1 = nn.Linear(STATES, HIDDEN)
        self.fc2 = nn.Linear(HIDDEN, HIDDEN)
        self.head = nn.Linear(HIDDEN, experts * WIDTH)
        self.gate = nn.Linear(STATES, experts) if experts > 1 else None

    def forward(self, x):
        trunk = F.gelu(self.fc2(F.gelu(self.fc1(x))))
        out = self.head(trunk).view(-1, self.experts, WIDTH)
        logits = out[..., :ONE_HOT].view(-1, self.experts, HEADS, CHOICES)
        if self.gate is None:
            gate, out, logits = None, out[:, 0], logits[:, 0]
        else:
            log_gate = F.log_softmax(self.gate(x), dim=1)
            gate = log_gate.exp()
            out = (gate.unsqueeze(2) * out).sum(1)
            log_p = F.log_softmax(logits, dim=-1)
            logits = torch.logsumexp(log_gate[:, :, None, None] + log_p, dim=1)
        mean = out[:, ONE_HOT + IDLE : ONE_HOT + IDLE + MOVES]
        log_std = out[:, ONE_HOT + 2 * IDLE + MOVES :].clamp(-20, 2)
        return logits, mean, log_std, gate

    def get_action(self, x):
        logits, mean, log_std, gate = self(x)
        noise = torch.randn_like(mean)
        moves = torch.tanh(mean + log_std.exp() * noise)
        log_prob = -0.5 * noise**2 - log_std - 0.5 * math.log(2 * math.pi)
        log_prob = (log_prob - torch.log(1 - moves**2 + 1e-6)).sum(1)
        one_hot = F.gumbel_softmax(logits, hard=True, dim=-1)
        log_p = F.log_softmax(logits, dim=-1)
        entropy = -(log_p.exp() * log_p).sum((1, 2))
        return torch.cat([one_hot.flatten(1), moves], 1), log_prob, entropy, gate


class SoftQNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(STATES + ONE_HOT + MOVES + STEPS, HIDDEN)
        self.fc2 = nn.Linear(HIDDEN, HIDDEN)
        self.fc3 = nn.Linear(HIDDEN, 1)
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN), nn.LayerNorm(HIDDEN)

    def forward(self, x, a):
        chosen = a[:, :ONE_HOT].view(-1, HEADS, CHOICES) @ CHOICE_VALUES
        arrival = x[:, PLACES] + torch.cat([chosen, a[:, ONE_HOT:]], 1) * GAINS
        h = F.gelu(self.norm1(self.fc1(torch.cat([x, a, arrival], 1))))
        return self.fc3(F.gelu(self.norm2(self.fc2(h)))).view(-1)


class Sac:
    def __init__(self, experts, foreach):
        self.actor = Actor(experts)
        self.qf1, self.qf2 = SoftQNetwork(), SoftQNetwork()
        self.qf1_target, self.qf2_target = SoftQNetwork(), SoftQNetwork()
        self.qf1_target.load_state_dict(self.qf1.state_dict())
        self.qf2_target.load_state_dict(self.qf2.state_dict())
        q_parameters = list(self.qf1.parameters()) + list(self.qf2.parameters())
        self.q_optimizer = optim.Adam(q_parameters, lr=RATE, foreach=foreach)
        self.actor_optimizer = optim.Adam(list(self.actor.parameters()), lr=RATE, foreach=foreach)
        self.log_alphas = torch.full((2,), math.log(0.05)).requires_grad_()
        self.a_optimizer = optim.Adam([self.log_alphas], lr=3e-3)
        self.targets = torch.tensor([-26.0, 0.5 * HEADS * math.log(CHOICES)])

    def update(self, states, actions, rewards, next_states, weights):
        alpha_moves, alpha_choices = self.log_alphas.detach().exp().tolist()
        with torch.no_grad():
            next_actions, log_prob, entropy, _ = self.actor.get_action(next_states)
            qf1_next = self.qf1_target(next_states, next_actions)
            qf2_next = self.qf2_target(next_states, next_actions)
            value = torch.min(qf1_next, qf2_next) - alpha_moves * log_prob + alpha_choices * entropy
            target = rewards + GAMMA * value
        error1 = self.qf1(states, actions) - target
        error2 = self.qf2(states, actions) - target
        qf_loss = (weights * error1**2).mean() + (weights * error2**2).mean()
        self.q_optimizer.zero_grad()
        qf_loss.backward()
        self.q_optimizer.step()
        priorities = 0.5 * (error1.detach().abs() + error2.detach().abs())

        action, log_prob, entropy, gate = self.actor.get_action(states)
        min_qf = torch.min(self.qf1(states, action), self.qf2(states, action))
        actor_loss = (alpha_moves * log_prob - alpha_choices * entropy - min_qf).mean()
        if gate is not None:
            routed = F.one_hot(gate.argmax(1), gate.shape[1]).float().mean(0)
            actor_loss = actor_loss + BALANCE * gate.shape[1] * (routed * gate.mean(0)).sum()
        self.actor_optimizer.zero_grad()
        actor_loss.backward()
        self.actor_optimizer.step()

        with torch.no_grad():
            _, log_prob, entropy, _ = self.actor.get_action(states)
        entropies = torch.stack([-log_prob.mean(), entropy.mean()])
        alpha_loss = (self.log_alphas.exp() * (entropies - self.targets)).sum()
        self.a_optimizer.zero_grad()
        alpha_loss.backward()
        self.a_optimizer.step()

        for source, target in ((self.qf1, self.qf1_target), (self.qf2, self.qf2_target)):
            for p, t in zip(source.parameters(), target.parameters()):
                t.data.copy_(TAU * p.data + (1 - TAU) * t.data)
        return priorities.numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--experts", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=1.0, help="of a repetition")
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--foreach", action="store_true", help="Adam over lists of tensors")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    one_hot = F.one_hot(torch.randint(CHOICES, (BATCH, HEADS)), CHOICES).flatten(1).float()
    batch = (
        torch.randn(BATCH, STATES),
        torch.cat([one_hot, torch.rand(BATCH, MOVES) * 2 - 1], 1),
        torch.tanh(torch.randn(BATCH)),
        torch.randn(BATCH, STATES),
        torch.rand(BATCH),
    )
    sac = Sac(options.experts, options.foreach)
    for _ in range(10):
        sac.update(*batch)
    times = []
    for _ in range(options.repetitions):
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < options.seconds:
            sac.update(*batch)
            count += 1
        times.append((time.perf_counter() - start) / count)
    each = statistics.median(times)
    blas = os.environ.get("OPENBLAS_NUM_THREADS", "all")
    print(f"python threads {options.threads} experts {options.experts} blas {blas}: "
          f"{1e3 * each:.3f} ms, {1 / each:.1f} updates/s")


if __name__ == "__main__":
    main()
