package dev.sojourn.demo.store;

import dev.sojourn.spi.StoreException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;

/**
 * Describes in a few words why a store could not be opened. Driver messages are never repeated, because they may quote
 * the URL with its password.
 */
final class OpenFailure {
    private OpenFailure() {}

    static String describe(RuntimeException failure, StoreKind engine) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ConnectException) {
                return "connection refused";
            }
            if (each instanceof UnknownHostException) {
                return "unknown host";
            }
            if (each instanceof FileSystemException) {
                return "its file or folder cannot be created";
            }
        }
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String known = each instanceof SQLException sql ? describeSqlState(sql) : "";
            if (!known.isEmpty()) {
                return known;
            }
        }
        // Sojourn's messages contain no secret.
        boolean ours = failure instanceof StoreException
                || (failure.getStackTrace().length > 0
                        && failure.getStackTrace()[0].getClassName().startsWith("dev.sojourn."));
        if (ours) {
            return String.valueOf(failure.getMessage());
        }
        return engine == StoreKind.SQLITE || engine == StoreKind.SEALED
                ? "the file is not an SQLite database, or is not writable"
                : "check the URL, the user and the password";
    }

    /** Returns the meaning of a standard SQLSTATE class; empty for other classes. */
    private static String describeSqlState(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (state.startsWith("28")) {
            return "it rejects the user or the password";
        }
        if (state.startsWith("08")) {
            return "connection failed; check host and port";
        }
        return state.startsWith("3D") ? "the database does not exist" : "";
    }
}
