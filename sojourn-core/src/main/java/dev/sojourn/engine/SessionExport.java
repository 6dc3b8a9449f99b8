package dev.sojourn.engine;

import dev.sojourn.UserSession;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Writes the sessions of one user as JSON: what they contain, and nothing that names or opens one. */
final class SessionExport {
    private SessionExport() {}

    /**
     * One session.
     *
     * @param session its times
     * @param record its content
     */
    record Exported(UserSession session, SessionRecord record) {}

    /** Returns the document. */
    static String of(String subject, List<Exported> sessions) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("{\"subject\":"));
        out.writeBytes(SojournRecordFormat.quoted(subject));
        out.writeBytes(ascii(",\"sessions\":["));
        String comma = "";
        for (Exported each : sessions) {
            out.writeBytes(ascii(comma));
            out.writeBytes(object(members(each)));
            comma = ",";
        }
        out.writeBytes(ascii("]}"));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static JsonMembers members(Exported its) {
        JsonMembers.Draft members = JsonMembers.EMPTY.draft();
        members.set("createdAt", time(its.session().createdAt()), null);
        members.set("lastAccessedAt", time(its.session().lastAccessedAt()), null);
        members.set("expiresAt", time(its.session().expiresAt()), null);
        members.set("attributes", object(its.record().attributes()), null);
        return members.members();
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
