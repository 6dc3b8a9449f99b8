package dev.sojourn.demo;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A secret in a file that only its owner may read. The first start creates it, so that cookies stay valid after a
 * restart.
 */
final class SecretFile {
    private static final int BYTES = 32;

    private SecretFile() {}

    static String readOrCreate(Path file) throws IOException {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IOException(
                    "the secret in " + file + " can be neither read nor created: set SOJOURN_SECRET, or set DATA to"
                            + " another folder",
                    e);
        }
    }

    /**
     * Writes a temporary file and links it to its name, so that neither a concurrent start nor a crash leaves a partial
     * secret.
     */
    private static void create(Path file) throws IOException {
        Path draft = Files.createTempFile(
                file.toAbsolutePath().getParent(), "secret", ".new", DataFolder.ownerOnly("rw-------", file));
        try {
            Files.writeString(draft, random() + "\n");
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // A concurrent start created the file first: use its secret.
        } finally {
            Files.delete(draft);
        }
    }

    private static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
