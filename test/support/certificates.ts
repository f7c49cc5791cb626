import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificates } from '../../hack/controlplane/certificates.ts';

/** Files of a certificate authority and of a certificate of it, good for a server on loopback and for its callers. */
export interface CertificateFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Makes a fresh authority and certificate in a folder. */
export async function certificateFiles(folder: string): Promise<CertificateFiles> {
  const made = await makeCertificates(new Date());
  const write = async (name: string, pem: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, pem);
    return file;
  };
  return {
    ca: await write('tls-ca.crt', made.ca),
    cert: await write('tls.crt', made.serverCertificate),
    key: await write('tls.key', made.serverKey),
  };
}
