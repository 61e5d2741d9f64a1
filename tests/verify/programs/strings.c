// Strings and bits: reversal, comparison, numbers to text and back, population counts, Gray codes.
static char buffer[128];

static int length(const char *s) {
  int n = 0;
  while (s[n]) ++n;
  return n;
}

static void reverse(char *s) {
  for (int i = 0, j = length(s) - 1; i < j; ++i, --j) {
    char c = s[i];
    s[i] = s[j];
    s[j] = c;
  }
}

static void to_text(int value, char *s) {
  unsigned rest = value < 0 ? 0u - (unsigned)value : (unsigned)value;
  int n = 0;
  do {
    s[n++] = (char)('0' + rest % 10);
  } while ((rest /= 10) != 0);
  if (value < 0) s[n++] = '-';
  s[n] = 0;
  reverse(s);
}

static int to_number(const char *s) {
  int sign = 1;
  unsigned value = 0;
  if (*s == '-') {
    sign = -1;
    ++s;
  }
  while (*s) value = value * 10 + (unsigned)(*s++ - '0');
  return (int)(sign < 0 ? 0u - value : value);
}

static unsigned count_bits(unsigned x) {
  x = x - (x >> 1 & 0x55555555u);
  x = (x & 0x33333333u) + (x >> 2 & 0x33333333u);
  return ((x + (x >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
}

unsigned run(void) {
  unsigned sum = 17, seed = 99;
  for (int i = 0; i < 200; ++i) {
    seed = seed * 22695477u + 1;
    int value = i == 0 ? (int)0x80000000u : (int)seed >> (i % 24);
    to_text(value, buffer);
    if (to_number(buffer) != value) return 0;
    for (const char *c = buffer; *c; ++c) sum = sum * 33 ^ (unsigned char)*c;

    unsigned slow = 0, gray = seed ^ seed >> 1, back = gray;
    for (int k = 0; k < 32; ++k) slow += seed >> k & 1;
    for (int k = 16; k > 0; k >>= 1) back ^= back >> k;
    if (slow != count_bits(seed) || back != seed) return 0;
    short half = (short)(seed >> 8);
    signed char byte = (signed char)(seed >> 3);
    sum += (unsigned)(half * byte) ^ (half < byte ? gray : slow);
  }
  return sum;
}
