import io.xlate.edi.schema.Schema;
import io.xlate.edi.schema.SchemaFactory;
import io.xlate.edi.stream.EDIInputFactory;
import io.xlate.edi.stream.EDIStreamEvent;
import io.xlate.edi.stream.EDIStreamReader;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.InputStream;

/** StAEDI on one file against a standard-level schema: every event read, errors counted. */
public final class Staedi {
    public static void main(String[] words) throws Exception {
        Schema schema;
        try (InputStream in = new FileInputStream(words[0])) {
            schema = SchemaFactory.newFactory().createSchema(in);
        }
        String opener = words[2];
        long claims = 0;
        long errors = 0;
        try (InputStream in = new BufferedInputStream(new FileInputStream(words[1]))) {
            EDIStreamReader reader = EDIInputFactory.newFactory().createEDIStreamReader(in);
            while (reader.hasNext()) {
                EDIStreamEvent event = reader.next();
                switch (event) {
                    case START_TRANSACTION:
                        reader.setTransactionSchema(schema);
                        break;
                    case START_SEGMENT:
                        if (opener.equals(reader.getText())) {
                            claims++;
                        }
                        break;
                    case SEGMENT_ERROR:
                    case ELEMENT_DATA_ERROR:
                    case ELEMENT_OCCURRENCE_ERROR:
                        errors++;
                        if (errors < 4) {
                            System.err.println(event + " " + reader.getErrorType() + " "
                                + reader.getLocation() + " " + reader.getReferenceCode());
                        }
                        break;
                    default:
                        break;
                }
            }
            reader.close();
        }
        System.out.println("claims=" + claims + " errors=" + errors);
    }
}
