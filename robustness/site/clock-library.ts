/*
 * A shared library for Linux on x86-64 that is put in front of the C library's clocks, made here byte
 * by byte, because a machine that runs Node need not have a compiler. In C it would be
 *
 *   static const volatile long step;   // in seconds; at STEP_OFFSET of the file
 *   int gettimeofday(struct timeval *t, void *z) { int r = syscall(96, t, z); if (t) t->tv_sec += step; return r; }
 *   int clock_gettime(int clock, struct timespec *t) { int r = syscall(228, clock, t); if (clock == 0) t->tv_sec += step; return r; }
 *   long time(long *t) { long n = syscall(201, 0) + step; if (t) *t = n; return n; }
 *
 * `step` lies on a page that the process maps read-only from the file, and so reads anew whenever
 * somebody writes to the file.
 */

/** Where the step is in the file: a signed 64-bit number of seconds, little-endian. */
export const STEP_OFFSET = 0x2000;

const PAGE = 0x1000;
const CODE = 0x200;
const HASH = 0x400;
const SYMBOLS = 0x440;
const NAMES = 0x4c0;
const DYNAMIC = PAGE;

/** A function: its name, and its instructions as bytes, in which `null` stands for how far it is to the step. */
interface ClockFunction {
  readonly name: string;
  readonly code: readonly (readonly (number | null)[])[];
}

const FUNCTIONS: readonly ClockFunction[] = [
  {
    name: "gettimeofday",
    code: [
      [0xb8, 96, 0, 0, 0], //     mov   $96, %eax
      [0x0f, 0x05], //            syscall
      [0x48, 0x85, 0xff], //      test  %rdi, %rdi
      [0x74, 10], //              jz    to ret
      [0x48, 0x8b, 0x0d, null], // mov  step(%rip), %rcx
      [0x48, 0x01, 0x0f], //      add   %rcx, (%rdi)
      [0xc3], //                  ret
    ],
  },
  {
    name: "clock_gettime",
    code: [
      [0xb8, 228, 0, 0, 0], //    mov   $228, %eax
      [0x0f, 0x05], //            syscall
      [0x85, 0xff], //            test  %edi, %edi
      [0x75, 10], //              jnz   to ret
      [0x48, 0x8b, 0x0d, null], // mov  step(%rip), %rcx
      [0x48, 0x01, 0x0e], //      add   %rcx, (%rsi)
      [0xc3], //                  ret
    ],
  },
  {
    name: "time",
    code: [
      [0x57], //                  push  %rdi
      [0xb8, 201, 0, 0, 0], //    mov   $201, %eax
      [0x31, 0xff], //            xor   %edi, %edi
      [0x0f, 0x05], //            syscall
      [0x5f], //                  pop   %rdi
      [0x48, 0x03, 0x05, null], // add  step(%rip), %rax
      [0x48, 0x85, 0xff], //      test  %rdi, %rdi
      [0x74, 3], //               jz    to ret
      [0x48, 0x89, 0x07], //      mov   %rax, (%rdi)
      [0xc3], //                  ret
    ],
  },
];

/** The library, with a step of 0. */
export function clockLibrary(): Uint8Array {
  const file = Buffer.alloc(STEP_OFFSET + PAGE);
  writeHeaders(file);
  let at = CODE;
  let name = NAMES + 1;
  for (const [index, { name: text, code }] of FUNCTIONS.entries()) {
    const end = writeCode(file, at, code);
    writeSymbol(file, SYMBOLS + 24 * (index + 1), name - NAMES, at, end - at);
    file.write(text, name, "latin1");
    name += text.length + 1;
    at = end;
  }
  // One bucket, in which one symbol after the other is looked at.
  for (const [index, word] of [1, 4, 1, 0, 2, 3, 0].entries())
    file.writeUInt32LE(word, HASH + 4 * index);
  writeDynamic(file, name - NAMES);
  return file;
}

function writeCode(file: Buffer, start: number, code: ClockFunction["code"]): number {
  let at = start;
  for (const byte of code.flat()) {
    if (byte === null) at = file.writeInt32LE(STEP_OFFSET - (at + 4), at);
    else at = file.writeUInt8(byte, at);
  }
  return at;
}

function writeHeaders(file: Buffer): void {
  file.write("\x7fELF\x02\x01\x01", 0, "latin1"); // 64 bits, little-endian
  file.writeUInt16LE(3, 16); // a shared object
  file.writeUInt16LE(62, 18); // for x86-64
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(64n, 32); // the program headers follow
  for (const [index, half] of [64, 56, 5, 64].entries()) file.writeUInt16LE(half, 52 + 2 * index);
  const [LOAD, DYNAMIC_SECTION, STACK] = [1, 2, 0x6474e551];
  const [EXECUTE, WRITE, READ] = [1, 2, 4];
  const headers = [
    { type: LOAD, flags: READ | EXECUTE, offset: 0, size: PAGE },
    { type: LOAD, flags: READ | WRITE, offset: DYNAMIC, size: PAGE },
    { type: LOAD, flags: READ, offset: STEP_OFFSET, size: PAGE },
    { type: DYNAMIC_SECTION, flags: READ | WRITE, offset: DYNAMIC, size: 6 * 16 },
    { type: STACK, flags: READ | WRITE, offset: 0, size: 0 }, // not to be executed
  ];
  for (const [index, { type, flags, offset, size }] of headers.entries()) {
    const at = 64 + 56 * index;
    file.writeUInt32LE(type, at);
    file.writeUInt32LE(flags, at + 4);
    for (const [word, value] of [offset, offset, offset, size, size, PAGE].entries())
      file.writeBigUInt64LE(BigInt(value), at + 8 + 8 * word);
  }
}

function writeSymbol(file: Buffer, at: number, name: number, value: number, size: number): void {
  file.writeUInt32LE(name, at);
  file.writeUInt8(0x12, at + 4); // a function that all may call
  file.writeUInt16LE(1, at + 6); // in a section: that is, defined here
  file.writeBigUInt64LE(BigInt(value), at + 8);
  file.writeBigUInt64LE(BigInt(size), at + 16);
}

function writeDynamic(file: Buffer, namesSize: number): void {
  const entries = [
    [4, HASH],
    [5, NAMES],
    [6, SYMBOLS],
    [10, namesSize],
    [11, 24], // the size of a symbol
    [0, 0],
  ];
  for (const [index, [tag = 0, value = 0]] of entries.entries()) {
    file.writeBigUInt64LE(BigInt(tag), DYNAMIC + 16 * index);
    file.writeBigUInt64LE(BigInt(value), DYNAMIC + 16 * index + 8);
  }
}
