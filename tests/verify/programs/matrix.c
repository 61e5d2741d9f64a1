// Products of matrices of whole numbers, 32 and 64 bits wide, with a transposed check.
enum { N = 16 };
static int a[N][N], b[N][N], c[N][N], t[N][N];

unsigned run(void) {
  for (int i = 0; i < N; ++i) {
    for (int j = 0; j < N; ++j) {
      a[i][j] = (i * 7919 + j * 104729) % 2003 - 1001;
      b[i][j] = (i * 1299709 - j * 15485863) % 1009;
    }
  }
  long long trace = 0;
  for (int i = 0; i < N; ++i) {
    for (int j = 0; j < N; ++j) {
      for (int k = 0; k < N; ++k) {
        c[i][j] += a[i][k] * b[k][j];
        t[j][i] += b[k][j] * a[i][k];
        trace += (long long)a[i][k] * b[k][j] * 65537;
      }
    }
  }
  unsigned sum = (unsigned)trace ^ (unsigned)(trace >> 32);
  for (int i = 0; i < N; ++i) {
    for (int j = 0; j < N; ++j) {
      if (c[i][j] != t[j][i]) return 0;
      sum = (sum << 5 | sum >> 27) ^ (unsigned)(c[i][j] / (i + j + 1) + c[i][j] % (j - 20));
    }
  }
  return sum;
}
