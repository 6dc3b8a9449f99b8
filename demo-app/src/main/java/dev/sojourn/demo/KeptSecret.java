package dev.sojourn.demo;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A secret in a file that only its owner may read, made at the first start: cookies that were signed with it are good
 * after the next one.
 */
final class KeptSecret {
    private static final int BYTES = 32;

    private KeptSecret() {}

    static String in(Path file) throws IOException {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IOException(
                    "the secret in " + file + " can be neither read nor made: bring your own in SOJOURN_SECRET, or name"
                            + " another folder with DATA=…",
                    e);
        }
    }

    /** Written whole and then named: whoever starts at the same time, or is killed in between, leaves no half of one. */
    private static void make(Path file) throws IOException {
        Path draft = Files.createTempFile(
                file.toAbsolutePath().getParent(), "secret", ".new", DataFolder.owners("rw-------", file));
        try {
            Files.writeString(draft, random() + "\n");
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // Somebody was faster; theirs it is.
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
