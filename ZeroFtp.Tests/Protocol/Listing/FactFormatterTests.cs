using ZeroFtp.Protocol.Driver;
using ZeroFtp.Protocol.Listing;
using ZeroFtp.Protocol.Options;

namespace ZeroFtp.Tests.Protocol.Listing;

public sealed class FactFormatterTests
{
    private static readonly FtpListingOptions Options = new();
    private static readonly MlstFacts All = MlstFactNames.Supported(Options);

    [Fact]
    public void Facts_come_in_one_order_with_the_type_first()
    {
        FtpEntry entry = Lines.ATxt with { Unique = "m7", CreatedUtc = new DateTime(2019, 12, 31, 0, 0, 0, DateTimeKind.Utc), Owner = "alice", OwnerId = 1000, Group = "my staff", GroupId = 50 };
        Assert.Equal(
            "type=file;size=12;modify=20200102030405;create=20191231000000;perm=adfrw;unique=m7;UNIX.mode=0644;UNIX.owner=1000;UNIX.group=50;UNIX.uid=1000;UNIX.gid=50;UNIX.ownername=alice;UNIX.groupname=my_staff; a.txt\r\n",
            Lines.Of(new FactFormatter(All, FtpPermissions.All, Options), entry));
    }

    [Fact]
    public void A_directory_has_no_size_and_unknown_facts_are_left_out()
    {
        FactFormatter formatter = new(All & ~(MlstFacts.UnixMode | MlstFacts.UnixOwner | MlstFacts.UnixGroup | MlstFacts.UnixUid | MlstFacts.UnixGid), FtpPermissions.All, new FtpListingOptions { HideOwners = true });
        Assert.Equal("type=dir;perm=cdeflmp;UNIX.ownername=ftp;UNIX.groupname=ftp; docs\r\n", Lines.Of(formatter, Lines.Docs with { ModifiedUtc = default, Owner = "alice" }));
    }

    [Theory]
    [InlineData(MlstFacts.None, " a.txt\r\n")]
    [InlineData(MlstFacts.Size | MlstFacts.Modify, "size=12;modify=20200102030405; a.txt\r\n")]
    [InlineData(MlstFacts.UnixMode | MlstFacts.UnixUid, "UNIX.mode=0644;UNIX.uid=65534; a.txt\r\n")]
    internal void Only_selected_facts_are_shown(MlstFacts facts, string expected) => Assert.Equal(expected, Lines.Of(new FactFormatter(facts, FtpPermissions.All, Options), Lines.ATxt));

    [Fact]
    public void The_line_of_mlst_has_a_space_before_and_a_whole_path()
    {
        Assert.Equal(" type=file; /docs/a.txt", new FactFormatter(MlstFacts.Type, FtpPermissions.All, Options).MlstLine(Lines.ATxt, FtpPath.Parse("/docs/a.txt")));
        Assert.Equal("  /docs/\U000F00E9 ü ", new FactFormatter(MlstFacts.None, FtpPermissions.All, Options).MlstLine(Lines.ATxt, FtpPath.Parse("/docs/\U000F00E9 ü ")));
    }

    [Theory]
    [InlineData("no where;%", "OS.unix=slink:no%20where%3B%25")]
    [InlineData("nowhere", "OS.unix=slink:nowhere")]
    [InlineData("a\r\n", "OS.unix=slink:a%0D%0A")]
    public void A_dangling_link_shows_its_target_in_what_a_fact_can_hold(string target, string expected)
    {
        FtpEntry broken = new() { Name = "broken", Kind = FtpEntryKind.DanglingLink, LinkTarget = target };
        Assert.Equal($"type={expected}; broken\r\n", Lines.Of(new FactFormatter(MlstFacts.Type | MlstFacts.Size, FtpPermissions.All, new FtpListingOptions { LinkFacts = FtpLinkFacts.SlinkWithTarget }), broken));
    }

    [Fact]
    public void A_link_is_shown_as_a_link_unless_the_type_of_its_target_is_wanted()
    {
        FtpEntry link = Lines.ATxt with { Name = "link", LinkTarget = "docs/a.txt" };
        FtpEntry broken = new() { Name = "broken", Kind = FtpEntryKind.DanglingLink, LinkTarget = "nowhere" };
        Assert.Equal("type=OS.unix=symlink; link\r\n", TypeOf(FtpLinkFacts.Symlink, link));
        Assert.Equal("type=OS.unix=symlink; broken\r\n", TypeOf(FtpLinkFacts.Symlink, broken));
        Assert.Equal("type=OS.unix=slink:docs/a.txt; link\r\n", TypeOf(FtpLinkFacts.SlinkWithTarget, link));
        Assert.Equal("type=file; link\r\n", TypeOf(FtpLinkFacts.TargetType, link));
        Assert.Equal("type=OS.unix=slink:nowhere; broken\r\n", TypeOf(FtpLinkFacts.TargetType, broken));

        static string TypeOf(FtpLinkFacts facts, FtpEntry entry) =>
            Lines.Of(new FactFormatter(MlstFacts.Type, FtpPermissions.All, new FtpListingOptions { LinkFacts = facts }), entry);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    public void Names_with_an_end_of_line_are_left_out(string name)
    {
        Assert.Equal("", Lines.Of(new FactFormatter(All, FtpPermissions.All, Options), Lines.ATxt, name));
        Assert.Equal("", Lines.Of(new NameFormatter(default), Lines.ATxt, name));
    }

    [Theory]
    [InlineData(" lead", " lead")]
    [InlineData("ünï.txt\U000F00FF", "\u00c3\u00bcn\u00c3\u00af.txt\u00ff")]
    [InlineData("a\u0001b", "a\u0001b")]
    public void Names_are_shown_octet_by_octet(string name, string expected)
    {
        Assert.Equal($" {expected}\r\n", Lines.Of(new FactFormatter(MlstFacts.None, FtpPermissions.All, Options), Lines.ATxt, name));
        Assert.Equal($"{expected}\r\n", Lines.Of(new NameFormatter(default), Lines.ATxt, name));
    }

    [Fact]
    public void Media_types_are_shown_only_when_they_are_configured()
    {
        FtpListingOptions options = new() { MediaTypes = new Dictionary<string, string> { [".txt"] = "text/plain" } };
        FactFormatter formatter = new(MlstFacts.MediaType, FtpPermissions.All, options);
        Assert.Equal("media-type=text/plain; a.TXT\r\n", Lines.Of(formatter, Lines.ATxt with { Name = "a.TXT" }));
        Assert.Equal(" a.bin\r\n", Lines.Of(formatter, Lines.ATxt with { Name = "a.bin" }));
        Assert.True(MlstFactNames.Supported(options).HasFlag(MlstFacts.MediaType));
        Assert.False(All.HasFlag(MlstFacts.MediaType));
    }

    // Session, entry, kind, name, letters.
    [Theory]
    [InlineData(FtpPermissions.All, null, FtpEntryKind.File, "adfrw")]
    [InlineData(FtpPermissions.All, null, FtpEntryKind.Directory, "cdeflmp")]
    [InlineData(FtpPermissions.All, null, FtpEntryKind.DanglingLink, "df")]
    [InlineData(FtpPermissions.All, null, FtpEntryKind.Other, "df")]
    [InlineData(FtpPermissions.ReadOnly, null, FtpEntryKind.File, "r")]
    [InlineData(FtpPermissions.ReadOnly, null, FtpEntryKind.Directory, "el")]
    [InlineData(FtpPermissions.None, null, FtpEntryKind.File, "")]
    [InlineData(FtpPermissions.List, null, FtpEntryKind.Directory, "el")]
    [InlineData(FtpPermissions.Read, null, FtpEntryKind.File, "r")]
    [InlineData(FtpPermissions.Write, null, FtpEntryKind.File, "w")]
    [InlineData(FtpPermissions.Write, null, FtpEntryKind.Directory, "ce")]
    [InlineData(FtpPermissions.Append, null, FtpEntryKind.File, "a")]
    [InlineData(FtpPermissions.Delete, null, FtpEntryKind.File, "d")]
    [InlineData(FtpPermissions.Delete, null, FtpEntryKind.Directory, "dep")]
    [InlineData(FtpPermissions.Rename, null, FtpEntryKind.File, "f")]
    [InlineData(FtpPermissions.Rename, null, FtpEntryKind.Directory, "ef")]
    [InlineData(FtpPermissions.MakeDirectory, null, FtpEntryKind.Directory, "em")]
    [InlineData(FtpPermissions.ChangeFacts, null, FtpEntryKind.File, "")]
    [InlineData(FtpPermissions.All, FtpPermissions.ReadOnly, FtpEntryKind.File, "r")]
    [InlineData(FtpPermissions.ReadOnly, FtpPermissions.Write, FtpEntryKind.File, "")]
    public void Perm_is_what_session_and_entry_both_allow(FtpPermissions session, FtpPermissions? own, FtpEntryKind kind, string letters)
    {
        FtpEntry entry = Lines.ATxt with { Kind = kind, Permissions = own };
        Assert.Equal($"perm={letters}; a.txt\r\n", Lines.Of(new FactFormatter(MlstFacts.Perm, session, Options), entry));
    }

    [Fact]
    public void The_root_can_be_neither_removed_nor_renamed() =>
        Assert.Equal("perm=celmp; /\r\n", Lines.Of(new FactFormatter(MlstFacts.Perm, FtpPermissions.All, Options), Lines.Docs with { Name = "" }, "/"));

    [Fact]
    public void Feat_marks_the_selected_facts() =>
        Assert.Equal(
            "MLST type*;size*;modify*;create;perm*;unique*;UNIX.mode;UNIX.owner;UNIX.group;UNIX.uid;UNIX.gid;UNIX.ownername;UNIX.groupname;",
            MlstFactNames.FeatureLine(All, MlstFactNames.Default));

    [Theory]
    [InlineData("size;modify;", "MLST OPTS size;modify;")]
    [InlineData("modify;size;", "MLST OPTS size;modify;")]
    [InlineData("TYPE;frogs;", "MLST OPTS type;")]
    [InlineData("type;size", "MLST OPTS type;size;")]
    [InlineData("unix.MODE;UNIX.uid;", "MLST OPTS UNIX.mode;UNIX.uid;")]
    [InlineData("media-type;", "MLST OPTS")]
    [InlineData("", "MLST OPTS")]
    public void Options_select_facts(string list, string reply)
    {
        Assert.True(MlstFactNames.TryParse(list, All, out MlstFacts selected));
        Assert.Equal(reply, MlstFactNames.OptionsReply(selected));
    }

    [Theory]
    [InlineData("unique type;")]
    [InlineData(" type;")]
    [InlineData("type;;size;")]
    [InlineData(";")]
    [InlineData("type=file;")]
    [InlineData("týpe;")]
    public void A_bad_list_is_refused(string list) => Assert.False(MlstFactNames.TryParse(list, All, out _));
}
