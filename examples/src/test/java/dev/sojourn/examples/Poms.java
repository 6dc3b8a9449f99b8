package dev.sojourn.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads versions in pom files. */
final class Poms {
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
    private static final Pattern PROPERTY = Pattern.compile("<([\\w.-]+)\\.version>([^<]+)</");

    private Poms() {}

    /** Returns the first version in a pom, which is the version of a project without a parent. */
    static String versionOf(Path pom) throws IOException {
        Matcher version = VERSION.matcher(Files.readString(pom));
        if (!version.find()) {
            throw new AssertionError("no version in " + pom);
        }
        return version.group(1);
    }

    /** Returns the properties whose names end with ".version", without that end. */
    static Map<String, String> versionProperties(Path pom) throws IOException {
        Map<String, String> versions = new TreeMap<>();
        PROPERTY.matcher(Files.readString(pom))
                .results()
                .forEach(property -> versions.put(property.group(1), property.group(2)));
        return versions;
    }
}
