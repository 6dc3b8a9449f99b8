package dev.sojourn.demo.store;

import dev.sojourn.spi.StoreException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;

/**
 * Why a store could not be opened, in a few words. What a driver says may quote the URL with its password, so no words
 * of a driver are repeated.
 */
final class Trouble {
    private Trouble() {}

    static String with(RuntimeException failure, Engine engine) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ConnectException) {
                return "nobody listens there";
            }
            if (each instanceof UnknownHostException) {
                return "there is no such host";
            }
            if (each instanceof FileSystemException) {
                return "its file or its folder cannot be made";
            }
        }
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String known = each instanceof SQLException sql ? known(sql) : "";
            if (!known.isEmpty()) {
                return known;
            }
        }
        // Sojourn's own words hold no secret.
        boolean ours = failure instanceof StoreException
                || (failure.getStackTrace().length > 0
                        && failure.getStackTrace()[0].getClassName().startsWith("dev.sojourn."));
        if (ours) {
            return String.valueOf(failure.getMessage());
        }
        return engine == Engine.SQLITE
                ? "it is no SQLite file, or may not be written"
                : "look at the URL, the user and the password";
    }

    /** What standard SQL's classes of errors mean here. */
    private static String known(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (state.startsWith("28")) {
            return "it does not accept the user and the password";
        }
        if (state.startsWith("08")) {
            return "there is no connection; look at host and port";
        }
        return state.startsWith("3D") ? "there is no such database" : "";
    }
}
