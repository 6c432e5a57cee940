using EcommerceAI.Search;
using Microsoft.Data.Sqlite;

namespace EcommerceAI.Replay.Bench.Search;

/// <summary>SQLite's full-text search over the same documents, in memory, with the same weights of the fields.</summary>
internal sealed class Fts5Peer : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly SqliteCommand _search;
    private readonly SqliteParameter _match;

    public Fts5Peer(double titleWeight)
    {
        _connection.Open();
        Execute("create virtual table documents using fts5(title, description, content='', tokenize='porter unicode61')");
        _search = _connection.CreateCommand();
        _search.CommandText = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"select rowid from documents where documents match $match and rank match 'bm25({titleWeight}, 1.0)' order by rank limit $limit");
        _match = _search.Parameters.Add("$match", SqliteType.Text);
        _search.Parameters.AddWithValue("$limit", KeywordSpeed.Limit);
    }

    /// <summary>Adds documents in one transaction and merges the index into one segment, as its documentation advises before much reading.</summary>
    public void Add(IEnumerable<SearchDocument> documents)
    {
        using var transaction = _connection.BeginTransaction();
        using var insert = _connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "insert into documents (rowid, title, description) values ($id, $title, $description)";
        var (id, title, description) = (
            insert.Parameters.Add("$id", SqliteType.Integer), insert.Parameters.Add("$title", SqliteType.Text),
            insert.Parameters.Add("$description", SqliteType.Text));
        var row = 0;
        foreach (var document in documents)
        {
            (id.Value, title.Value, description.Value) = (++row, document.Text[ZipfDocuments.Title], document.Text[ZipfDocuments.Description]);
            insert.ExecuteNonQuery();
        }

        transaction.Commit();
        Execute("insert into documents (documents) values ('optimize')");
    }

    /// <summary>The best twenty of the documents that have any of the words; gives their number.</summary>
    public int Search(string[] words)
    {
        _match.Value = string.Join(" OR ", words);
        using var reader = _search.ExecuteReader();
        var count = 0;
        while (reader.Read()) count++;
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _search.Dispose();
        _connection.Dispose();
    }

    private void Execute(string text)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
