/** What to call a file, and what it begins with: bytes in hex, 'text', and `*4` for any four bytes. */
type Signature = readonly [name: string, ...beginnings: string[]];

// A table of our own rather than a library: it never unpacks or follows what a stranger sent.
const pictures: readonly Signature[] = [
  ["a JPEG picture", "ffd8ff"],
  ["a PNG picture", "89 'PNG' 0d0a1a0a"],
  ["a GIF picture", "'GIF87a'", "'GIF89a'"],
  ["a WebP picture", "'RIFF' *4 'WEBP'"],
  ["a JPEG 2000 picture", "*4 'jP  ' 0d0a", "ff4fff51"],
  ["a JPEG XL picture", "*4 'JXL ' 0d0a", "ff0a"],
  ["a Photoshop picture", "'8BPS' 0001", "'8BPS' 0002"],
  ["a camera's raw photo", "'II*' 00 *4 'CR'", "'II' 1a000000 'HEAP'", "'FUJIFILMCCD-RAW'", "'IIU' 00", "'IIRO'"],
  ["a TIFF picture or a camera's raw photo", "'II*' 00", "'MM' 00 '*'", "'II+' 00", "'MM' 00 '+'"],
  ["a BMP picture", "'BM' *4 00000000"],
  ["an icon", "00000100 *1 00 *3 00", "00000200 *1 00 *3 00"],
  ["an OpenEXR picture", "762f3101"],
  ["a Radiance HDR picture", "'#?RADIANCE'", "'#?RGBE'"],
  ["a DPX picture", "'SDPX'", "'XPDS'"],
  ["a DDS picture", "'DDS ' 7c00"],
  ["a QOI picture", "'qoif'"],
  ["an ILBM picture", "'FORM' *4 'ILBM'"],
];

const documents: readonly Signature[] = [
  ["a PostScript file", "'%!PS'"],
  ["an RTF document", "'{\\rtf'"],
  ["an OLE file, such as an old Office document", "d0cf11e0a1b11ae1"],
  ["a ZIP archive", "'PK' 0506", "'PK' 0708"],
  ["a gzip archive", "1f8b08"],
  ["a bzip2 archive", "'BZh' *1 314159265359"],
  ["an xz archive", "fd377a585a00"],
  ["a Zstandard archive", "28b52ffd"],
  ["an LZ4 archive", "04224d18"],
  ["a 7-Zip archive", "377abcaf271c"],
  ["a RAR archive", "'Rar!' 1a07"],
  ["a tar archive", "*257 'ustar'"],
  ["a cabinet archive", "'MSCF' 00000000"],
  ["an ar archive", "'!<arch>' 0a"],
  ["an installer (xar)", "'xar!'"],
  ["a program", "7f 'ELF'", "'MZ' *1 00", "feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe", "00 'asm'"],
  ["an SQLite database", "'SQLite format 3' 00"],
  ["a font", "'wOFF'", "'wOF2'", "'OTTO'", "'ttcf'", "0001000000"],
  ["a Flash program (SWF)", "'FWS'", "'CWS'", "'ZWS'"],
  ["a file that is encrypted (OpenSSL)", "'Salted__'"],
  ["a file that is encrypted (age)", "'age-encryption.org/'", "'-----BEGIN AGE ENCRYPTED FILE'"],
  ["a file that is encrypted (OpenPGP)", "'-----BEGIN PGP MESSAGE'", "85010c03", "85018c03", "85020c03", "845e03"],
  ["a file that is encrypted (OpenPGP)", "8c0d04", "8c0d05"],
  ["a disk that is encrypted (LUKS)", "'LUKS' babe"],
];

const sounds: readonly Signature[] = [
  ["a MIDI file, which holds notes and no sound", "'MThd'", "'RIFF' *4 'RMID'"],
  ["a WAV file", "'RIFF' *4 'WAVE'", "'RIFX' *4 'WAVE'", "'RF64' *4 'WAVE'", "'BW64' *4 'WAVE'"],
  ["an AIFF file", "'FORM' *4 'AIFF'", "'FORM' *4 'AIFC'"],
  ["a CAF file", "'caff' 0001"],
  ["an AU file", "'.snd'"],
  ["a FLAC file", "'fLaC'"],
  ["a WavPack file", "'wvpk'"],
  ["a Monkey's Audio file", "'MAC ' *1 0f"],
  ["a True Audio file", "'TTA1'", "'TTA2'"],
  ["a Musepack file", "'MP+'", "'MPCK'"],
  ["a DSD file", "'DSD ' 1c", "'FRM8' *8 'DSD '"],
  ["an AMR file", "'#!AMR'"],
  ["a SILK file", "'#!SILK'", "02 '#!SILK'"],
  ["a tracker module", "'Extended Module: '", "'IMPM'", "*44 'SCRM'", "*1080 'M.K.'", "*1080 'M!K!'", "*1080 'FLT4'"],
  ["a raw AC-3 stream", "0b77"],
  ["a raw DTS stream", "7ffe8001"],
  ["an MP3 file", "'ID3'", "fffa", "fffb", "fff2", "fff3", "ffe2", "ffe3"],
  ["an MP2 file", "fffc", "fffd"],
  ["a raw AAC stream", "fff0", "fff1", "fff8", "fff9", "'ADIF'"],
];

const films: readonly Signature[] = [
  ["an Ogg file", "'OggS' 00"],
  ["an AVI file", "'RIFF' *4 'AVI '", "'RIFF' *4 'AVIX'"],
  ["a Video CD file", "'RIFF' *4 'CDXA'"],
  ["an FLV file", "'FLV' 01"],
  ["a RealMedia file", "'.RMF'"],
  ["a Windows Media (ASF) file", "3026b2758e66cf11"],
  ["a Windows TV recording (WTV)", "b7d800203749da11"],
  ["an MXF file", "060e2b3402050101"],
  ["an IVF file", "'DKIF' 0000"],
  ["a NUT file", "'nut/multimedia container'"],
  ["a raw video (YUV4MPEG2)", "'YUV4MPEG2 '"],
  ["a Bink video", "'BIKi'", "'BIKf'", "'BIKg'", "'BIKh'", "'BIKb'", "'KB2'"],
  ["a Smacker video", "'SMK2'", "'SMK4'"],
  ["a camera's raw film (REDCODE)", "*4 'RED1'", "*4 'RED2'"],
  ["a raw DV stream", "1f07003f", "1f0700bf"],
  ["an MPEG program stream", "000001ba"],
  ["a raw MPEG-1 or MPEG-2 stream", "000001b3"],
  ["a raw H.264 stream", "00000167", "00000127", "0000000167", "0000000127", "0000000109 *1 000000"],
  ["a raw H.265 stream", "0000014001", "000000014001", "000000014601", "000000014201"],
  ["a raw AV1 stream", "12000a"],
  ["an MPEG transport stream", "'G' *187 'G' *187 'G'", "*4 'G' *191 'G' *191 'G'"],
];

const compiled = [...pictures, ...documents, ...sounds, ...films].map(([name, ...beginnings]) => ({
  name,
  beginnings: beginnings.map(read),
}));

/** What a file that begins so is called, by bytes that only files of its kind begin with. */
export const nameBySignature = (head: Buffer): string | undefined =>
  compiled.find(({ beginnings }) => beginnings.some((parts) => parts.every(({ at, bytes }) => isAt(head, at, bytes))))
    ?.name;

const isAt = (head: Buffer, at: number, bytes: Buffer) => head.subarray(at, at + bytes.length).equals(bytes);

function read(beginning: string) {
  const parts: { at: number; bytes: Buffer }[] = [];
  let at = 0;
  for (const [, text, gap, hex = ""] of beginning.matchAll(/'([^']*)'|\*(\d+)|([0-9a-f]+)/g)) {
    const bytes = text === undefined ? Buffer.from(hex, "hex") : Buffer.from(text);
    if (gap === undefined) parts.push({ at, bytes });
    at += gap === undefined ? bytes.length : Number(gap);
  }
  return parts;
}
