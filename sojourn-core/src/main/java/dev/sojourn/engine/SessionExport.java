package dev.sojourn.engine;

import dev.sojourn.Device;
import dev.sojourn.UserSession;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import dev.sojourn.spi.SignInFacts;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the sessions and remembered browsers of one user as JSON: what they contain, and nothing that names or opens one. */
final class SessionExport {
    private SessionExport() {}

    /**
     * One session or remembered browser.
     *
     * @param session its times
     * @param record its content
     */
    record Exported(UserSession session, SessionRecord record) {
        boolean isBrowser() {
            return RememberSettings.isBrowser(record);
        }
    }

    /** Returns the document. */
    static String of(String subject, List<Exported> records) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("{\"subject\":"));
        out.writeBytes(SojournRecordFormat.quoted(subject));
        out.writeBytes(ascii(",\"sessions\":"));
        writeList(out, only(records, each -> !each.isBrowser()));
        out.writeBytes(ascii(",\"rememberedBrowsers\":"));
        writeList(out, only(records, Exported::isBrowser));
        out.write('}');
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<Exported> only(List<Exported> records, Predicate<Exported> matches) {
        return records.stream().filter(matches).toList();
    }

    private static void writeList(ByteArrayOutputStream out, List<Exported> records) {
        String separator = "[";
        for (Exported each : records) {
            out.writeBytes(ascii(separator));
            out.writeBytes(object(members(each)));
            separator = ",";
        }
        out.writeBytes(ascii(records.isEmpty() ? "[]" : "]"));
    }

    private static JsonMembers members(Exported its) {
        JsonMembers.Draft members = JsonMembers.EMPTY.draft();
        members.set("createdAt", time(its.session().createdAt()), null);
        if (!its.isBrowser()) {
            members.set("lastAccessedAt", time(its.session().lastAccessedAt()), null);
        }
        members.set("expiresAt", time(its.session().expiresAt()), null);
        SignInFacts signIn = its.record().signIn();
        if (signIn != null) {
            members.set("signIn", object(members(signIn)), null);
        }
        Device device = its.record().device();
        if (device != null) {
            JsonMembers.Draft known = JsonMembers.EMPTY.draft();
            text(known, "name", device.name());
            text(known, "address", device.address());
            members.set("device", object(known.members()), null);
        }
        if (!its.isBrowser()) {
            members.set("attributes", object(its.record().attributes()), null);
        }
        return members.members();
    }

    /** Without the provider's session, which names one elsewhere. */
    private static JsonMembers members(SignInFacts signIn) {
        JsonMembers.Draft members = JsonMembers.EMPTY.draft();
        if (signIn.at() != null) {
            members.set("at", time(signIn.at()), null);
        }
        if (!signIn.methods().isEmpty()) {
            String methods = signIn.methods().stream()
                    .map(method -> new String(SojournRecordFormat.quoted(method), StandardCharsets.UTF_8))
                    .collect(Collectors.joining(",", "[", "]"));
            members.set("methods", methods.getBytes(StandardCharsets.UTF_8), null);
        }
        text(members, "level", signIn.level());
        text(members, "provider", signIn.issuer());
        text(members, "actingBy", signIn.actingBy());
        return members.members();
    }

    private static void text(JsonMembers.Draft members, String name, @Nullable String text) {
        if (text != null) {
            members.set(name, SojournRecordFormat.quoted(text), null);
        }
    }

    private static byte[] object(JsonMembers members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write('{');
        members.writeTo(out);
        out.write('}');
        return out.toByteArray();
    }

    private static byte[] time(Instant time) {
        return SojournRecordFormat.quoted(time.toString());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
