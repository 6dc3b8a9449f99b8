package dev.sojourn.servers;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks the kinds of tar entry in the PostgreSQL archives: files, folders, symbolic links, short names. Rejects all others.
 */
final class Tar {

    private static final int BLOCK = 512;
    private static final int EXECUTABLE = 0100;

    private Tar() {}

    static void unpackXz(InputStream packed, Path folder) throws IOException {
        try (InputStream tar = new BufferedInputStream(new XZInputStream(packed), 1 << 16)) {
            unpack(tar, folder);
        }
    }

    private static void unpack(InputStream tar, Path folder) throws IOException {
        byte[] header = new byte[BLOCK];
        while (tar.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
            unpackEntry(tar, header, folder);
        }
    }

    private static void unpackEntry(InputStream tar, byte[] header, Path folder) throws IOException {
        String prefix = text(header, 345, 155);
        String name = text(header, 0, 100);
        Path path =
                folder.resolve(prefix.isEmpty() ? name : prefix + "/" + name).normalize();
        if (!path.startsWith(folder)) {
            throw new IOException("tar entry outside the folder: " + name);
        }
        switch (header[156]) {
            case '5' -> Folders.createForAll(path);
            case '2' -> {
                Folders.createForAll(Objects.requireNonNull(path.getParent()));
                Files.createSymbolicLink(path, Path.of(text(header, 157, 100)));
            }
            case '0', 0 -> {
                Folders.createForAll(Objects.requireNonNull(path.getParent()));
                writeFile(tar, path, octal(header, 124, 12));
                boolean executable = (octal(header, 100, 8) & EXECUTABLE) != 0;
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
            }
            default -> throw new IOException("tar entry of an unknown kind: " + name);
        }
    }

    private static void writeFile(InputStream tar, Path path, long size) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(path)) {
            for (long left = size; left > 0; ) {
                int read = tar.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw new EOFException(path.toString());
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
        tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] header, int from, int length) {
        return Long.parseLong(text(header, from, length).strip(), 8);
    }
}
