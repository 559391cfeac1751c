import { createRequire } from "node:module";
import dcmjsCodecs from "dcmjs-codecs";

const { Context, NativeCodecs } = dcmjsCodecs;

interface PeerImage {
  readonly rows: number;
  readonly columns: number;
  readonly precision: number;
}

/** The JPEG codecs of DCMTK, as dcmjs-codecs builds them: lossy 8-bit encoder, 8- and 12-bit decoder. */
export async function openPeer() {
  const file = createRequire(import.meta.url).resolve("dcmjs-codecs/build/dcmjs-native-codecs.wasm");
  await NativeCodecs.initializeAsync({ webAssemblyModulePathOrUrl: file });
  return { encode, decode };
}

function context({ rows, columns, precision }: PeerImage, buffers: Record<string, Uint8Array>) {
  return new Context({
    width: columns,
    height: rows,
    bitsAllocated: precision > 8 ? 16 : 8,
    bitsStored: precision,
    samplesPerPixel: 1,
    pixelRepresentation: 0,
    planarConfiguration: 0,
    photometricInterpretation: "MONOCHROME2",
    ...buffers,
  });
}

function encode(values: Uint8Array, image: PeerImage, quality: number): Uint8Array {
  const decodedBuffer = values;
  const encoded = NativeCodecs.encodeJpeg(context(image, { decodedBuffer }), { lossy: true, quality });
  return encoded.getEncodedBuffer()!.slice();
}

function decode(encodedBuffer: Uint8Array, image: PeerImage): Uint8Array | Uint16Array {
  const decoded = NativeCodecs.decodeJpeg(context(image, { encodedBuffer })).getDecodedBuffer()!;
  return image.precision > 8 ? new Uint16Array(decoded.slice().buffer) : decoded.slice();
}
