"""The Mahalanobis distance that bliss learns from answers: Polochon-street/bliss-metric-learning, learn.py."""

import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm


def mahalanobis(x, answers):
    """L of learn.py: distances ‖(x − y) L‖."""
    odd, one, other = (x[[answer[place] for answer in answers]] for place in range(3))
    size = x.shape[1]

    def learned(penalty, chosen):
        near, far = one[chosen] - other[chosen], [one[chosen] - odd[chosen], other[chosen] - odd[chosen]]

        def loss(flat):
            L = flat.reshape(size, size)
            total, gradient = penalty * np.sum(flat**2), 2 * penalty * L
            d = np.sqrt(np.sum((near @ L) ** 2, 1)) + 1e-9
            for difference in far:
                e = np.sqrt(np.sum((difference @ L) ** 2, 1)) + 1e-9
                z = (e - d) / 2
                total -= norm.logcdf(z).sum()
                weight = np.exp(norm.logpdf(z) - norm.logcdf(z)) / 2
                gradient = gradient - (difference * (weight / e)[:, None]).T @ (difference @ L)
                gradient = gradient + (near * (weight / d)[:, None]).T @ (near @ L)
            return total, gradient.ravel()

        return minimize(loss, np.eye(size).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x.reshape(size, size)

    def right(L, chosen):
        d = [np.sum(((a[chosen] - b[chosen]) @ L) ** 2, 1) for a, b in [(one, other), (one, odd), (other, odd)]]
        return np.mean((d[0] < d[1]) & (d[0] < d[2]))

    every = np.arange(len(answers))
    fold = every % 5
    penalties = [0.001, 0.01, 0.1, 1, 50, 100, 500]
    scores = [np.mean([right(learned(p, every[fold != k]), every[fold == k]) for k in range(5)]) for p in penalties]
    return learned(penalties[int(np.argmax(scores))], every)
