package dev.sojourn.demo.store;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code STORE} says: which engine, and where. May hold a password, so only {@link #shown} is for people. */
public final class StoreUrl {
    private static final String SQLITE = "jdbc:sqlite:";

    /**
     * Hosts, a path, and around them what is not shown: a user and a password before, options after. Something that is
     * written in another way is not shown at all, since nobody knows where a password stands in it.
     */
    private static final Pattern HOSTS =
            Pattern.compile("//(?:[^/?#;@]*@)?([\\w.,:\\[\\]-]+)(/[\\w./-]*)?(?:[?#;].*)?", Pattern.DOTALL);

    private final Engine engine;
    private final String url;
    private final String place;

    private StoreUrl(Engine engine, String url, String place) {
        this.engine = engine;
        this.url = url;
        this.place = place;
    }

    /**
     * Reads what {@code STORE} says.
     *
     * @param text empty for SQLite
     * @param data the folder of the SQLite file
     * @return the store's place
     * @throws IllegalArgumentException if there is no such store; does not quote what may be a password
     */
    public static StoreUrl of(String text, Path data) {
        String store = text.isBlank() ? "sqlite" : text.strip();
        Engine engine = Stream.of(Engine.values())
                .filter(each -> each.isMeantBy(store))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "STORE names no store that the demo has; these are " + Engine.all()));
        return switch (engine) {
            case MEMORY -> new StoreUrl(engine, store, "");
            case SQLITE -> sqlite(store.startsWith(SQLITE) ? store.substring(SQLITE.length()) : "", data);
            case H2 ->
                new StoreUrl(engine, store, store.substring("jdbc:h2:".length()).replaceFirst("(?s);.*", ""));
            default -> new StoreUrl(engine, store, hosts(store));
        };
    }

    private static StoreUrl sqlite(String named, Path data) {
        if (named.startsWith(":") || named.startsWith("file:") || named.contains("?")) {
            throw new IllegalArgumentException(
                    "STORE=jdbc:sqlite:… takes the path of a file and no options: the demo opens it the way sessions need it");
        }
        try {
            Path file = named.isEmpty()
                    ? data.resolve("sessions.db")
                    : Path.of(named).toAbsolutePath();
            return new StoreUrl(Engine.SQLITE, file.toString(), file.toString());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("STORE=jdbc:sqlite:… takes the path of a file", e);
        }
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

    Engine engine() {
        return engine;
    }

    /** All of it, for whoever opens it. */
    String url() {
        return url;
    }

    /**
     * Whether it is a file below a folder.
     *
     * @param folder the folder
     * @return whether it is
     */
    public boolean isIn(Path folder) {
        return engine == Engine.SQLITE && Path.of(url).startsWith(folder);
    }

    /**
     * The engine's name.
     *
     * @return for example {@code SQLite}
     */
    public String name() {
        return engine.text();
    }

    /**
     * Engine and place, without a password.
     *
     * @return for example {@code PostgreSQL at localhost:5432/demo}
     */
    public String shown() {
        return place.isEmpty() ? engine.text() : engine.text() + " at " + place;
    }

    /** Leaves out what may be a password. */
    @Override
    public String toString() {
        return shown();
    }
}
