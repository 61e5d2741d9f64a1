// Heap sort and quick sort of the same pseudo-random words, which must agree.
enum { COUNT = 500 };
static unsigned a[COUNT], b[COUNT];

static void swap(unsigned *p, unsigned *q) {
  unsigned t = *p;
  *p = *q;
  *q = t;
}

static void sift(unsigned *v, int root, int count) {
  for (int child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count && v[child] < v[child + 1]) ++child;
    if (v[root] >= v[child]) return;
    swap(&v[root], &v[child]);
  }
}

static void heap_sort(unsigned *v, int count) {
  for (int i = count / 2 - 1; i >= 0; --i) sift(v, i, count);
  for (int end = count - 1; end > 0; --end) {
    swap(&v[0], &v[end]);
    sift(v, 0, end);
  }
}

static void quick_sort(unsigned *v, int lo, int hi) {
  while (lo < hi) {
    unsigned pivot = v[lo + (hi - lo) / 2];
    int i = lo, j = hi;
    while (i <= j) {
      while (v[i] < pivot) ++i;
      while (v[j] > pivot) --j;
      if (i <= j) swap(&v[i++], &v[j--]);
    }
    quick_sort(v, lo, j);
    lo = i;
  }
}

unsigned run(void) {
  unsigned seed = 12345, sum = 0;
  for (int i = 0; i < COUNT; ++i) {
    seed = seed * 1664525u + 1013904223u;
    a[i] = b[i] = seed;
  }
  heap_sort(a, COUNT);
  quick_sort(b, 0, COUNT - 1);
  for (int i = 0; i < COUNT; ++i) {
    if (a[i] != b[i] || (i > 0 && a[i - 1] > a[i])) return 0;
    sum = sum * 31 + a[i];
  }
  return sum;
}
