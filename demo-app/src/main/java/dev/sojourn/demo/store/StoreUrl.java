package dev.sojourn.demo.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The value of {@code STORE}: the kind of store and its URL. May contain a password; only {@link #description} is safe
 * to show.
 */
public final class StoreUrl {
    private static final String SQLITE = "jdbc:sqlite:";

    /**
     * Matches the hosts and the path of a URL. Omits user and password in front of them and options behind them. A URL
     * of any other form is not shown at all, because the position of its password is unknown.
     */
    private static final Pattern HOSTS =
            Pattern.compile("//(?:[^/?#;@]*@)?([\\w.,:\\[\\]-]+)(/[\\w./-]*)?(?:[?#;].*)?", Pattern.DOTALL);

    private final StoreKind kind;
    private final String url;
    private final String location;

    private StoreUrl(StoreKind kind, String url, String location) {
        this.kind = kind;
        this.url = url;
        this.location = location;
    }

    /**
     * Parses the value of {@code STORE}.
     *
     * @param text the value; blank for SQLite
     * @param data the folder of the default SQLite file
     * @return the store's URL
     * @throws IllegalArgumentException if there is no such store; the message contains no password
     */
    public static StoreUrl of(String text, Path data) {
        String store = text.isBlank() ? "sqlite" : text.strip();
        StoreKind kind = Stream.of(StoreKind.values())
                .filter(each -> each.matches(store))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("unknown STORE; use one of: " + StoreKind.allPrefixes()));
        return switch (kind) {
            case MEMORY -> new StoreUrl(kind, store, "");
            case SEALED -> file(kind, data.resolve("revocations.db"));
            case SQLITE -> sqlite(store.startsWith(SQLITE) ? store.substring(SQLITE.length()) : "", data);
            case H2 ->
                new StoreUrl(kind, store, store.substring("jdbc:h2:".length()).replaceFirst("(?s);.*", ""));
            default -> new StoreUrl(kind, store, hosts(store));
        };
    }

    private static StoreUrl sqlite(String named, Path data) {
        if (named.startsWith(":") || named.startsWith("file:") || named.contains("?")) {
            throw new IllegalArgumentException(
                    "STORE=jdbc:sqlite:… takes the path of a file and no options: the demo sets the options that sessions need");
        }
        try {
            return file(
                    StoreKind.SQLITE,
                    named.isEmpty()
                            ? data.resolve("sessions.db")
                            : Path.of(named).toAbsolutePath());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("STORE=jdbc:sqlite:… takes the path of a file", e);
        }
    }

    private static StoreUrl file(StoreKind kind, Path file) {
        return new StoreUrl(kind, file.toString(), file.toString());
    }

    private static String hosts(String url) {
        int slashes = url.indexOf("//");
        Matcher parts = HOSTS.matcher(slashes < 0 ? "" : url.substring(slashes));
        if (!parts.matches()) {
            return "";
        }
        String path = parts.group(2) == null || parts.group(2).equals("/") ? "" : parts.group(2);
        return parts.group(1) + path;
    }

    StoreKind kind() {
        return kind;
    }

    /** Returns the whole URL, which may contain a password. */
    String url() {
        return url;
    }

    /**
     * Returns whether sessions are sealed in their cookies, so that no store keeps them.
     *
     * @return whether they are
     */
    public boolean isSealed() {
        return kind == StoreKind.SEALED;
    }

    /**
     * Returns whether the store is an SQLite file below a folder.
     *
     * @param folder the folder
     * @return whether the file is below the folder
     */
    public boolean isIn(Path folder) {
        return (kind == StoreKind.SQLITE || kind == StoreKind.SEALED)
                && Path.of(url).startsWith(folder);
    }

    /**
     * Returns the name of the kind of store.
     *
     * @return for example {@code SQLite}
     */
    public String name() {
        return kind.displayName();
    }

    /**
     * Returns the kind and the location, without a password.
     *
     * @return for example {@code PostgreSQL at localhost:5432/demo}
     */
    public String description() {
        String name = (isSealed() ? StoreKind.SQLITE : kind).displayName();
        return location.isEmpty() ? name : name + " at " + location;
    }

    /** Omits the parts that may contain a password. */
    @Override
    public String toString() {
        return description();
    }
}
