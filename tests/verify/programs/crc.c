// CRC-32 (IEEE 802.3) of a text and of pseudo-random bytes, bit by bit and by table.
static unsigned table[256];

static unsigned by_bit(unsigned crc, unsigned char byte) {
  crc ^= byte;
  for (int k = 0; k < 8; ++k) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  return crc;
}

unsigned run(void) {
  static const char text[] = "123456789";
  for (unsigned i = 0; i < 256; ++i) table[i] = by_bit(0, (unsigned char)i);
  unsigned crc = ~0u;
  for (const char *c = text; *c; ++c) crc = by_bit(crc, (unsigned char)*c);
  if (~crc != 0xcbf43926u) return 0;  // the check value of the standard

  unsigned slow = ~0u, fast = ~0u, seed = 1;
  for (int i = 0; i < 3000; ++i) {
    seed = seed * 1103515245u + 12345u;
    unsigned char byte = (unsigned char)(seed >> 16);
    slow = by_bit(slow, byte);
    fast = fast >> 8 ^ table[(fast ^ byte) & 0xff];
  }
  return slow == fast ? ~slow : 0;
}
